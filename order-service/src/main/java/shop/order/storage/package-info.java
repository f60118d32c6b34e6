/** The room that Kafka's log has on the disks of its brokers. */
@NullMarked
package shop.order.storage;

import org.jspecify.annotations.NullMarked;
