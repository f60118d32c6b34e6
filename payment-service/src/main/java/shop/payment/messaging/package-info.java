/** Kafka: the log of payments, and the consumer of order events. */
@NullMarked
package shop.payment.messaging;

import org.jspecify.annotations.NullMarked;
