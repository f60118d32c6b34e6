/** Orders under load: how many, how fast, at what price, and whether every one is settled. */
@NullMarked
package shop.bench.orders;

import org.jspecify.annotations.NullMarked;
