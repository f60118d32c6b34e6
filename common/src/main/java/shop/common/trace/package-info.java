/** W3C trace context, propagated over HTTP, Kafka and RabbitMQ. */
@NullMarked
package shop.common.trace;

import org.jspecify.annotations.NullMarked;
