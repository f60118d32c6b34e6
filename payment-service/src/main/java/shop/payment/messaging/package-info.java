/** Kafka: the log of payments, and the consumer that pays placed orders. */
@NullMarked
package shop.payment.messaging;

import org.jspecify.annotations.NullMarked;
