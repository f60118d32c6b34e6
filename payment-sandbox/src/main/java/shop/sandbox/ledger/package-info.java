/** The durable ledger of the provider: facts are folded into a state that is kept on disk. */
@NullMarked
package shop.sandbox.ledger;

import org.jspecify.annotations.NullMarked;
