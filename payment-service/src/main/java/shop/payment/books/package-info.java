/** What was charged and given back: a ledger of it, and its comparison with the PSP. */
@NullMarked
package shop.payment.books;

import org.jspecify.annotations.NullMarked;
