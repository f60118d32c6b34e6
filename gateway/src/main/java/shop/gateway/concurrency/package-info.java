/** Sheds requests to a service that is overloaded, those of low priority first. */
@NullMarked
package shop.gateway.concurrency;

import org.jspecify.annotations.NullMarked;
