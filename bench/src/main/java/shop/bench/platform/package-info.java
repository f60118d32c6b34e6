/** Some of the services on their own, to be measured alone. */
@NullMarked
package shop.bench.platform;

import org.jspecify.annotations.NullMarked;
