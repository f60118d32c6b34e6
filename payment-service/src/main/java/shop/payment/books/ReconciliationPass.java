package shop.payment.books;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How far a pass of the reconciliation has come. Each pass reads the PSP's books once, at a certain
 * age, because charges and refunds change after they were created.
 *
 * @param age of the charges and refunds when the pass compares them, at least
 * @param until all that was created before is compared
 * @param open the differences that the pass has found and that still exist
 */
public record ReconciliationPass(Duration age, Instant until, List<Difference> open) {

  public ReconciliationPass {
    open = List.copyOf(open);
  }

  /** How long what the pass should have compared has been waiting for it; zero or more. */
  Duration lag(Instant now) {
    var lag = Duration.between(until, now.minus(age));
    return lag.isNegative() ? Duration.ZERO : lag;
  }
}
