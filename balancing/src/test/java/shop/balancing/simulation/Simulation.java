package shop.balancing.simulation;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A queue of events in virtual time, in nanoseconds from 0. Events of the same time run in the
 * order in which they were added. Used by one thread.
 */
public final class Simulation {
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private long now;
  private long added;

  public long now() {
    return now;
  }

  /** Runs an action after a delay in nanoseconds. */
  public void in(long delay, Runnable action) {
    events.add(new Event(now + Math.max(0, delay), added++, action));
  }

  /** Runs an action after a delay. */
  public void in(Duration delay, Runnable action) {
    in(delay.toNanos(), action);
  }

  /** Runs until no event is left. */
  public void run() {
    while (!events.isEmpty()) {
      step();
    }
  }

  /** Runs for some time; later events stay. */
  public void run(Duration time) {
    long end = now + time.toNanos();
    while (!events.isEmpty() && events.element().at() <= end) {
      step();
    }
    now = end;
  }

  private void step() {
    Event event = events.remove();
    now = event.at();
    event.action().run();
  }

  private record Event(long at, long number, Runnable action) {}
}
