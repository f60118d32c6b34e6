/** Headers of Kafka records that only order-service writes and reads, and the brokers' clock. */
@NullMarked
package shop.order.kafka;

import org.jspecify.annotations.NullMarked;
