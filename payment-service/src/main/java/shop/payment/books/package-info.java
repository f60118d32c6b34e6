/** The ledger of charges and refunds, and its reconciliation with the PSP. */
@NullMarked
package shop.payment.books;

import org.jspecify.annotations.NullMarked;
