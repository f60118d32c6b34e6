package shop.balancing.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An instance with so many workers and one queue, first come, first served. It can be slowed, fail
 * fast without queueing, or hang.
 */
public final class SimulatedInstance {
  private final Simulation simulation;
  private final int workers;
  private final RandomGenerator random;
  private final Queue<Answer> queue = new ArrayDeque<>();
  private ServiceTime serviceTime;
  private @Nullable Duration failsAfter;
  private boolean hangs;
  private int busy;
  private int mostBusy;

  /** What becomes of a call. */
  @FunctionalInterface
  public interface Answer {
    void answered(boolean succeeded);
  }

  public SimulatedInstance(
      Simulation simulation, int workers, ServiceTime serviceTime, RandomGenerator random) {
    this.simulation = simulation;
    this.workers = workers;
    this.serviceTime = serviceTime;
    this.random = random;
  }

  /** Takes other times for calls that are begun from now on. */
  public void serviceTime(ServiceTime other) {
    serviceTime = other;
  }

  /** Fails each call from now on after the given time. */
  public void failAfter(Duration time) {
    failsAfter = time;
  }

  /** Accepts calls from now on and does not answer them. */
  public void hang() {
    hangs = true;
  }

  /** Ends failing and hanging; calls that hang stay lost. */
  public void heal() {
    failsAfter = null;
    hangs = false;
  }

  /** Accepts a call. */
  public void serve(Answer answer) {
    if (hangs) {
      return;
    }
    if (failsAfter != null) {
      simulation.in(failsAfter, () -> answer.answered(false));
    } else if (busy < workers) {
      begin(answer);
    } else {
      queue.add(answer);
      mostBusy = Math.max(mostBusy, busy + queue.size());
    }
  }

  /** The most calls that it has held at once, waiting ones included. */
  public int mostBusy() {
    return mostBusy;
  }

  private void begin(Answer answer) {
    busy++;
    mostBusy = Math.max(mostBusy, busy);
    simulation.in(
        serviceTime.next(random),
        () -> {
          busy--;
          answer.answered(true);
          Answer next = queue.poll();
          if (next != null) {
            begin(next);
          }
        });
  }
}
