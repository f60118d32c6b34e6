/** Deliveries in RabbitMQ: queues, publishing, workers and results. */
@NullMarked
package shop.notification.queue;

import org.jspecify.annotations.NullMarked;
