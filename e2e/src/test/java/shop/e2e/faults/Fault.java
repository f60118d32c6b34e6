package shop.e2e.faults;

import java.util.List;
import java.util.stream.Stream;

/**
 * One way in which the platform is hurt.
 *
 * @param number by which the plan, the report and {@code docs/faults.md} name it
 * @param title what goes wrong
 * @param strike makes it happen
 */
record Fault(int number, String title, Strike strike) {

  /** Makes a fault happen, under load. */
  interface Strike {
    /**
     * Returns how it is known that it did.
     *
     * @throws AssertionError if it did not
     */
    String at(FaultPlatform stage) throws Exception;
  }

  /** All of them, by number. */
  static final List<Fault> ALL =
      Stream.of(LogFaults.ALL, PaymentFaults.ALL, DeskFaults.ALL, StoreFaults.ALL)
          .flatMap(List::stream)
          .sorted((one, other) -> Integer.compare(one.number(), other.number()))
          .toList();

  @Override
  public String toString() {
    return number + " " + title;
  }
}
