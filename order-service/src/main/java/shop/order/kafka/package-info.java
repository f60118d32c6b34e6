/** Headers of Kafka records that only order-service writes and reads. */
@NullMarked
package shop.order.kafka;

import org.jspecify.annotations.NullMarked;
