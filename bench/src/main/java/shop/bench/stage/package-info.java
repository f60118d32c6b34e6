/** Some of the services on their own, to be measured alone. */
@NullMarked
package shop.bench.stage;

import org.jspecify.annotations.NullMarked;
