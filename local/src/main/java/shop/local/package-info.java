/**
 * The whole platform on one machine: brokers, payment sandbox and services as processes, for {@code
 * ./start} (package launch) and for tests.
 */
@NullMarked
package shop.local;

import org.jspecify.annotations.NullMarked;
