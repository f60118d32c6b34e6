package shop.local.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import shop.local.os.Failure;
import shop.local.os.OsProcess;
import shop.local.os.Probe;
import shop.local.os.ProcessFiles;

/**
 * A server that runs as a process of its own on 127.0.0.1 and keeps its data in a folder, over any
 * number of starts, stops and kills.
 */
public abstract sealed class Broker permits KafkaBroker, RedisServer, RabbitBroker, MailServer {
  private static final Duration GRACE = Duration.ofSeconds(20);

  private final ProcessFiles place;
  private final Duration startLimit;
  private @Nullable OsProcess process;

  Broker(ProcessFiles place, Duration startLimit) {
    this.place = place;
    this.startLimit = startLimit;
  }

  /**
   * Starts it unless it runs, and returns when it answers; one that a killed run left behind at
   * this place is stopped first.
   *
   * @throws Failure if it ends, or does not answer in time, or is stopped meanwhile
   */
  public final void start() {
    OsProcess started;
    synchronized (this) {
      if (running()) {
        return;
      }
      OsProcess.find(place).ifPresent(orphan -> orphan.stop(GRACE));
      prepare();
      started = OsProcess.start(place, place.data(), environment(), command());
      process = started;
    }
    try {
      Probe.await(started, startLimit, this::ready);
    } catch (Failure failure) {
      stop();
      throw failure;
    }
  }

  /** Asks it to end and waits; kills it when it takes longer than 20 seconds. */
  public synchronized void stop() {
    if (process != null) {
      process.stop(GRACE);
      process = null;
    }
  }

  /** Ends it at once (SIGKILL), as a crash would. */
  public synchronized void kill() {
    present().kill();
    process = null;
  }

  /** Freezes it (SIGSTOP) until it is thawed. */
  public final synchronized void freeze() {
    present().freeze();
  }

  /** Lets it go on. */
  public final synchronized void thaw() {
    present().thaw();
  }

  private OsProcess present() {
    if (process == null) {
      throw new IllegalStateException(name() + " does not run");
    }
    return process;
  }

  public final synchronized boolean running() {
    return process != null && process.alive();
  }

  /**
   * Its process id.
   *
   * @throws IllegalStateException if it does not run
   */
  public final synchronized long pid() {
    return present().pid();
  }

  public final String name() {
    return place.name();
  }

  final ProcessFiles place() {
    return place;
  }

  final Path data() {
    return place.data();
  }

  /** Whatever has to be in place before the process starts. */
  abstract void prepare();

  abstract List<String> command();

  Map<String, String> environment() {
    return Map.of();
  }

  abstract boolean ready() throws java.io.IOException;
}
