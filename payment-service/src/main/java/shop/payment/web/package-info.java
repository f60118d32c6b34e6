/** The HTTP API of payments, for customers and admins. */
@NullMarked
package shop.payment.web;

import org.jspecify.annotations.NullMarked;
