package shop.order.store;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;
import shop.order.Deadline;
import shop.order.OrderTimings;

/**
 * The commands of this instance that have reserved pieces and may still reach the log: orders, and
 * adjustments of the stock. While there are any, a reservation that Redis has lost may still be
 * needed.
 */
@Component
public class InFlight {

  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong unknownUntil = new AtomicLong();
  private final OrderTimings timings;

  InFlight(OrderTimings timings) {
    this.timings = timings;
  }

  /** Counts one more command, until it is closed. */
  public InFlightCommand begin() {
    open.incrementAndGet();
    return new InFlightCommand();
  }

  /** One command; to be closed when it is in the log, has failed, or was never sent. */
  public final class InFlightCommand implements AutoCloseable {

    private InFlightCommand() {}

    /**
     * Records that its result is unknown: it may reach the log until its deadline, which a broker
     * whose clock is behind takes to be later.
     */
    public void markUnknown(Deadline deadline) {
      long until = deadline.at().plus(timings.maxClockSkew()).toEpochMilli();
      unknownUntil.accumulateAndGet(until, Math::max);
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }

  /** True if no command can reach the log any more. */
  public boolean isEmpty(Instant now) {
    return open.get() == 0 && now.toEpochMilli() > unknownUntil.get();
  }
}
