/** The provider's own durable record: a file of facts and the books that are read from it. */
@NullMarked
package shop.sandbox.ledger;

import org.jspecify.annotations.NullMarked;
