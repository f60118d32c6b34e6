package shop.e2e.faults;

import java.util.List;
import java.util.stream.Stream;

/**
 * A fault to inject into the platform.
 *
 * @param number its number in the plan, the report and {@code docs/faults.md}
 * @param title a description
 * @param injection injects it
 */
record Fault(int number, String title, Injection injection) {

  /** Injects a fault under load. */
  interface Injection {
    /**
     * Injects the fault and returns the evidence that it took effect.
     *
     * @throws AssertionError if it did not take effect
     */
    String inject(FaultPlatform platform) throws Exception;
  }

  /** All faults, by number. */
  static final List<Fault> ALL =
      Stream.of(
              LogFaults.ALL, PaymentFaults.ALL, DeskFaults.ALL, StoreFaults.ALL, DatabaseFaults.ALL)
          .flatMap(List::stream)
          .sorted((one, other) -> Integer.compare(one.number(), other.number()))
          .toList();

  @Override
  public String toString() {
    return number + " " + title;
  }
}
