/** Kafka, Redis, RabbitMQ and the mail sink as operating system processes. */
@NullMarked
package shop.local.broker;

import org.jspecify.annotations.NullMarked;
