/** Deliveries on RabbitMQ: queues, publishing, workers and what became of each. */
@NullMarked
package shop.notification.queue;

import org.jspecify.annotations.NullMarked;
