package shop.local;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import shop.local.Supervision.State;

/**
 * Restarts components that exit, with growing pauses, and gives up on one that exits again and
 * again. {@link #check} must be called every moment.
 */
public final class Supervisor {
  private static final int LOG_LINES = 15;

  private final List<Supervised> components;
  private final RestartPolicy policy;
  private final Path file;
  private final Consumer<String> messages;
  private final Executor starters;
  private final InstantSource clock;
  private final RandomGenerator random;
  private boolean stopped;

  /**
   * Supervises components that run.
   *
   * @param file receives the state of all components at each change
   * @param messages receives what happens, in sentences
   * @param starters runs the restarts, which take seconds
   */
  Supervisor(
      List<? extends Component> components,
      RestartPolicy policy,
      Path file,
      Consumer<String> messages,
      Executor starters,
      InstantSource clock,
      RandomGenerator random) {
    this.components = components.stream().map(c -> new Supervised(c, clock.instant())).toList();
    this.policy = policy;
    this.file = file;
    this.messages = messages;
    this.starters = starters;
    this.clock = clock;
    this.random = random;
    write();
  }

  private static final class Supervised {
    private final Component component;
    private State state = State.RUNNING;
    private Instant since;
    private @Nullable Instant restartAt;
    private int attempt;
    private int restarts;

    private Supervised(Component component, Instant since) {
      this.component = component;
      this.since = since;
    }
  }

  /** Notices what has exited, and restarts what is due. */
  public synchronized void check() {
    for (var supervised : components) {
      if (stopped) {
        return;
      }
      switch (supervised.state) {
        case RUNNING -> {
          if (!supervised.component.alive()) {
            exited(supervised, "exited unexpectedly");
          }
        }
        case EXITED -> {
          if (supervised.restartAt != null && !clock.instant().isBefore(supervised.restartAt)) {
            change(supervised, State.STARTING);
            starters.execute(() -> restart(supervised));
          }
        }
        case STARTING, GIVEN_UP -> {}
      }
    }
  }

  /** Starts nothing from now on, and reports nothing. */
  public synchronized void stop() {
    stopped = true;
  }

  private void restart(Supervised supervised) {
    var began = clock.instant();
    try {
      supervised.component.start();
      restarted(supervised, Duration.between(began, clock.instant()));
    } catch (RuntimeException e) {
      failed(supervised, e);
    }
  }

  private synchronized void restarted(Supervised supervised, Duration time) {
    if (stopped) {
      return;
    }
    supervised.restarts++;
    change(supervised, State.RUNNING);
    messages.accept(
        "%s is ready again after %s; restarts so far: %d"
            .formatted(supervised.component.name(), seconds(time), supervised.restarts));
  }

  private synchronized void failed(Supervised supervised, RuntimeException e) {
    if (!stopped) {
      // The message of a failed start contains the log already.
      exited(supervised, "could not be restarted (" + e.getMessage() + ")");
    }
  }

  private void exited(Supervised supervised, String what) {
    var name = supervised.component.name();
    boolean ran = supervised.state == State.RUNNING;
    if (ran && !clock.instant().isBefore(supervised.since.plus(policy.ranWell()))) {
      supervised.attempt = 0;
    }
    var log = ran ? " The last lines of its log:\n" + supervised.component.logTail(LOG_LINES) : "";
    if (supervised.attempt == policy.attempts()) {
      change(supervised, State.GIVEN_UP);
      messages.accept(
          "%s %s. It is given up after %d restarts in a row; the other processes still run. Mend the cause, then ./stop and ./start.%s"
              .formatted(name, what, policy.attempts(), log));
      return;
    }
    supervised.attempt++;
    var pause = policy.pause(supervised.attempt, random);
    supervised.restartAt = clock.instant().plus(pause);
    change(supervised, State.EXITED);
    messages.accept(
        "%s %s. It is restarted in %s (attempt %d of %d).%s"
            .formatted(name, what, seconds(pause), supervised.attempt, policy.attempts(), log));
  }

  private void change(Supervised supervised, State state) {
    supervised.state = state;
    supervised.since = clock.instant();
    write();
  }

  /** A full disk must not end the supervision. */
  private void write() {
    try {
      Supervision.write(
          file,
          components.stream()
              .map(s ->
                  new Supervision.Entry(
                      s.component.name(), s.component.ports(), s.state, s.restarts))
              .toList());
    } catch (UncheckedIOException e) {
      messages.accept(
          "What ./start --status shows is out of date, because %s cannot be written: %s. Free space on its disk."
              .formatted(file, e.getCause()));
    }
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
