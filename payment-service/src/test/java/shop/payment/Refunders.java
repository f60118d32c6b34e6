package shop.payment;

import java.time.Clock;

/** Creates a refunder for tests of other packages. */
public final class Refunders {

  private Refunders() {}

  /** A refunder that only logs: it has no PSP. */
  public static Refunder withoutPsp(Payments payments) {
    return new Refunder(payments, null, Clock.systemUTC());
  }
}
