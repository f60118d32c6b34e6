/** Reconciliation of orders that stay unsettled with the facts of payment-service. */
@NullMarked
package shop.order.reconciling;

import org.jspecify.annotations.NullMarked;
