package shop.local.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import shop.local.os.LaunchException;
import shop.local.os.OsProcess;
import shop.local.os.Probe;
import shop.local.os.ProcessFiles;

/**
 * A server that runs as a process on 127.0.0.1. Its data stays in a folder over any number of
 * starts, stops and kills.
 */
public abstract sealed class Broker
    permits KafkaBroker, RedisServer, RabbitBroker, PostgresServer, MailServer {
  private static final Duration GRACE = Duration.ofSeconds(20);

  private final ProcessFiles files;
  private final Duration startTimeout;
  private @Nullable OsProcess process;

  Broker(ProcessFiles files, Duration startTimeout) {
    this.files = files;
    this.startTimeout = startTimeout;
  }

  /**
   * Starts the server unless it runs, and returns when it is ready. A server with the same files
   * that an earlier run left behind is stopped first.
   *
   * @throws LaunchException if it exits, is not ready in time, or is stopped meanwhile
   */
  public final void start() {
    spawn();
    awaitReady();
  }

  /** The first half of {@link #start}: returns when the process exists. */
  public final synchronized void spawn() {
    if (running()) {
      return;
    }
    OsProcess.find(files).ifPresent(orphan -> orphan.stop(GRACE));
    prepare();
    process = OsProcess.start(files, files.data(), environment(), command(), stopSignal());
  }

  /**
   * The second half of {@link #start}.
   *
   * @throws LaunchException if it exits, is not ready in time, or is stopped meanwhile
   */
  public final void awaitReady() {
    OsProcess started;
    synchronized (this) {
      started = requireRunning();
    }
    try {
      Probe.await(started, startTimeout, this::ready);
    } catch (LaunchException failure) {
      stop();
      throw failure;
    }
  }

  /** Takes over the process that another launcher started with the same files, if it runs. */
  public final synchronized void adopt() {
    process = OsProcess.find(files).orElse(null);
  }

  /** The last lines of its log, indented, for a message. */
  public final String logTail(int lines) {
    return OsProcess.logTail(files, lines);
  }

  /** Requests its end and waits; kills it after 20 seconds. */
  public synchronized void stop() {
    if (process != null) {
      process.stop(GRACE);
      process = null;
    }
  }

  /** Ends it at once (SIGKILL), as a crash would. */
  public synchronized void kill() {
    requireRunning().kill();
    process = null;
  }

  /** Suspends it (SIGSTOP) until it is thawed. */
  public final synchronized void freeze() {
    requireRunning().freeze();
  }

  /** Resumes it (SIGCONT). */
  public final synchronized void thaw() {
    requireRunning().thaw();
  }

  final OsProcess requireRunning() {
    if (process == null) {
      throw new IllegalStateException(name() + " is not running");
    }
    return process;
  }

  public final synchronized boolean running() {
    return process != null && process.alive();
  }

  /**
   * Its process id.
   *
   * @throws IllegalStateException if it is not running
   */
  public final synchronized long pid() {
    return requireRunning().pid();
  }

  public final String name() {
    return files.name();
  }

  final ProcessFiles files() {
    return files;
  }

  final Path data() {
    return files.data();
  }

  /** Writes the files that the process needs, before each start. */
  abstract void prepare();

  abstract List<String> command();

  Map<String, String> environment() {
    return Map.of();
  }

  /** The signal that requests its end, without SIG. */
  String stopSignal() {
    return "TERM";
  }

  abstract boolean ready() throws java.io.IOException;
}
