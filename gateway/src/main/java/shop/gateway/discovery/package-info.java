/** Where the instances of the services come from: the configuration, or DNS. */
@NullMarked
package shop.gateway.discovery;

import org.jspecify.annotations.NullMarked;
