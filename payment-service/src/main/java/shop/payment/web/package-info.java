/** What customers and admins are told about a payment. */
@NullMarked
package shop.payment.web;

import org.jspecify.annotations.NullMarked;
