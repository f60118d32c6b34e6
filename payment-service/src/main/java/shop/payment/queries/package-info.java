/** Questions of other services over RabbitMQ, and their answers. */
@NullMarked
package shop.payment.queries;

import org.jspecify.annotations.NullMarked;
