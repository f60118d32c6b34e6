/** The provider's durable ledger: a file of facts and the state that is folded from it. */
@NullMarked
package shop.sandbox.ledger;

import org.jspecify.annotations.NullMarked;
