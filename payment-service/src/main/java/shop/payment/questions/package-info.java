/** Questions of other services over RabbitMQ, and their answers. */
@NullMarked
package shop.payment.questions;

import org.jspecify.annotations.NullMarked;
