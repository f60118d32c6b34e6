package shop.order.store;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;
import shop.order.Deadline;

/**
 * What this instance has set pieces aside for and may still reach the log: orders, and adjustments
 * of the stock. While there are any, nobody may believe that a reservation which Redis has lost did
 * not matter.
 */
@Component
public class InFlight {

  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong unknownUntil = new AtomicLong();

  /** One more sets out. */
  public Flight begin() {
    underWay.incrementAndGet();
    return new Flight();
  }

  /** The way of one; closed when it is in the log, or lost, or was never sent there. */
  public final class Flight implements AutoCloseable {

    private Flight() {}

    /** What became of it is unknown; it may reach the log until its deadline. */
    public void lose(Deadline deadline) {
      unknownUntil.accumulateAndGet(deadline.at().toEpochMilli(), Math::max);
    }

    @Override
    public void close() {
      underWay.decrementAndGet();
    }
  }

  /** True if none can reach the log any more. */
  public boolean isNone(Instant now) {
    return underWay.get() == 0 && now.toEpochMilli() > unknownUntil.get();
  }
}
