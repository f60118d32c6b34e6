package shop.local.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of the operating system that outlives this one unless it is stopped, found again by its
 * pid file. It leads a session of its own where {@code setsid} exists, so that Ctrl-C in the
 * terminal reaches only the launcher.
 */
public final class OsProcess {
  private static final Optional<Path> SETSID = Repository.program("setsid");
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration AFTER_KILL = Duration.ofSeconds(10);

  private final ProcessFiles place;
  private final ProcessHandle handle;

  private OsProcess(ProcessFiles place, ProcessHandle handle) {
    this.place = place;
    this.handle = handle;
  }

  /**
   * Starts a command, its output appended to the place's log.
   *
   * @param environment added to that of this process
   */
  public static OsProcess start(
      ProcessFiles place, Path directory, Map<String, String> environment, List<String> command) {
    var line = new ArrayList<String>();
    SETSID.ifPresent(setsid -> line.add(setsid.toString()));
    line.addAll(command);
    try {
      Files.createDirectories(directory);
      Files.createDirectories(place.log().toAbsolutePath().getParent());
      var log = ProcessBuilder.Redirect.appendTo(place.log().toFile());
      var builder =
          new ProcessBuilder(line)
              .directory(directory.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectErrorStream(true)
              .redirectOutput(log);
      builder.environment().putAll(environment);
      var handle = builder.start().toHandle();
      PidFile.write(place.pid(), handle);
      Watchdog.watch(handle);
      return new OsProcess(place, handle);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + place.name(), e);
    }
  }

  /** The process a former run left at this place, if it is still alive. */
  public static Optional<OsProcess> find(ProcessFiles place) {
    return PidFile.read(place.pid()).map(handle -> new OsProcess(place, handle));
  }

  /** The processes whose pid files lie in a folder and that are still alive. */
  public static List<OsProcess> findAll(Path folder) {
    return pidFiles(folder).stream().flatMap(file -> find(named(folder, file)).stream()).toList();
  }

  /** Deletes the pid files in a folder whose processes have ended. */
  public static void forgetAll(Path folder) {
    pidFiles(folder).stream()
        .filter(file -> PidFile.read(file).isEmpty())
        .forEach(OsProcess::delete);
  }

  private static List<Path> pidFiles(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".pid")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessFiles named(Path folder, Path pidFile) {
    var file = pidFile.getFileName().toString();
    return ProcessFiles.in(folder, file.substring(0, file.length() - ".pid".length()));
  }

  /** Puts this very process on record. */
  public static void record(Path pidFile) {
    PidFile.write(pidFile, ProcessHandle.current());
  }

  public String name() {
    return place.name();
  }

  public long pid() {
    return handle.pid();
  }

  public boolean alive() {
    return PidFile.alive(handle);
  }

  /** Asks the process to end, without waiting. */
  public void terminate() {
    handle.destroy();
  }

  /** Asks the process to end and kills it when it has not done so in time. */
  public void stop(Duration grace) {
    handle.destroy();
    if (!endedWithin(grace)) {
      kill();
    }
    forget();
  }

  /** Waits until the process has ended by itself, and kills it when it does not. */
  public void awaitEnd(Duration limit) {
    if (!endedWithin(limit)) {
      kill();
    }
    forget();
  }

  /** Ends the process at once (SIGKILL), as a fault would. */
  public void kill() {
    handle.destroyForcibly();
    if (!endedWithin(AFTER_KILL)) {
      throw new Failure(name() + " (process " + pid() + ") survived SIGKILL.");
    }
    forget();
  }

  /** Takes the processor from it (SIGSTOP) until it is thawed; it notices nothing. */
  public void freeze() {
    signal("STOP");
  }

  /** Lets it go on (SIGCONT). */
  public void thaw() {
    signal("CONT");
  }

  private void signal(String signal) {
    Shell.run(Path.of("/"), List.of("sh", "-c", "kill -" + signal + " " + pid()));
  }

  /** The last lines of its log, indented, for a message. */
  public String lastWords(int lines) {
    return LogTail.of(place.log(), lines);
  }

  private boolean endedWithin(Duration time) {
    var deadline = System.nanoTime() + time.toNanos();
    while (alive()) {
      if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return true;
  }

  private void forget() {
    delete(place.pid());
  }

  private static void delete(Path pidFile) {
    try {
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
