/** W3C trace context, carried from HTTP over Kafka to RabbitMQ. */
@NullMarked
package shop.common.trace;

import org.jspecify.annotations.NullMarked;
