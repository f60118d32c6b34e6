/** Queries of other services over RabbitMQ, and the responses. */
@NullMarked
package shop.payment.queries;

import org.jspecify.annotations.NullMarked;
