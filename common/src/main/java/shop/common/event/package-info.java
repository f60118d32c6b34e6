/** CloudEvents 1.0 over Kafka in binary mode. */
@NullMarked
package shop.common.event;

import org.jspecify.annotations.NullMarked;
