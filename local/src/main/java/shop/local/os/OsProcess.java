package shop.local.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A process of the operating system that outlives this one unless it is stopped, and that a later
 * run finds by its pid file. Where {@code setsid} exists it leads a session of its own, so that
 * Ctrl-C in the terminal reaches only the launcher.
 */
public final class OsProcess {
  private static final Optional<Path> SETSID = Repository.executable("setsid");
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

  private final ProcessFiles files;
  private final ProcessHandle handle;
  private final String stopSignal;

  private OsProcess(ProcessFiles files, PidFile.Entry entry) {
    this.files = files;
    this.handle = entry.process();
    this.stopSignal = entry.stopSignal();
  }

  /**
   * Starts a command; its output is appended to the log file.
   *
   * @param environment added to that of this process
   */
  public static OsProcess start(
      ProcessFiles files, Path directory, Map<String, String> environment, List<String> command) {
    return start(files, directory, environment, command, PidFile.DEFAULT_STOP_SIGNAL);
  }

  /**
   * The same, for a process whose end another signal than SIGTERM requests.
   *
   * @param stopSignal its name, for example {@code INT}
   */
  public static OsProcess start(
      ProcessFiles files,
      Path directory,
      Map<String, String> environment,
      List<String> command,
      String stopSignal) {
    var line = new ArrayList<String>();
    SETSID.ifPresent(setsid -> line.add(setsid.toString()));
    line.addAll(command);
    try {
      Files.createDirectories(directory);
      Files.createDirectories(files.log().toAbsolutePath().getParent());
      var log = ProcessBuilder.Redirect.appendTo(files.log().toFile());
      var builder =
          new ProcessBuilder(line)
              .directory(directory.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectErrorStream(true)
              .redirectOutput(log);
      builder.environment().putAll(environment);
      var entry = new PidFile.Entry(builder.start().toHandle(), stopSignal);
      PidFile.write(files.pid(), entry);
      Watchdog.watch(entry.process());
      return new OsProcess(files, entry);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + files.name(), e);
    }
  }

  /** The process that an earlier run started with these files, if it is still alive. */
  public static Optional<OsProcess> find(ProcessFiles files) {
    return PidFile.read(files.pid()).map(entry -> new OsProcess(files, entry));
  }

  /** The processes that are still alive and have their pid files in a folder. */
  public static List<OsProcess> findAll(Path folder) {
    return pidFiles(folder).stream().flatMap(file -> find(filesOf(folder, file)).stream()).toList();
  }

  /** Deletes the pid files in a folder whose processes have ended. */
  public static void deleteStalePidFiles(Path folder) {
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

  private static ProcessFiles filesOf(Path folder, Path pidFile) {
    var file = pidFile.getFileName().toString();
    return ProcessFiles.in(folder, file.substring(0, file.length() - ".pid".length()));
  }

  /** Writes a pid file for this process itself. */
  public static void writeOwnPid(Path pidFile) {
    PidFile.write(pidFile, new PidFile.Entry(ProcessHandle.current(), PidFile.DEFAULT_STOP_SIGNAL));
  }

  public String name() {
    return files.name();
  }

  public long pid() {
    return handle.pid();
  }

  public boolean alive() {
    return PidFile.alive(handle);
  }

  /** Requests the end of the process (SIGTERM, or its own signal), without waiting for it. */
  public void terminate() {
    if (stopSignal.equals(PidFile.DEFAULT_STOP_SIGNAL)) {
      handle.destroy();
    } else if (alive()) {
      signal(stopSignal);
    }
  }

  /** Requests the end of the process and kills it when the grace period is over. */
  public void stop(Duration grace) {
    terminate();
    awaitExitOrKill(grace);
  }

  /** Waits until the process exits by itself, and kills it when it has not within the timeout. */
  public void awaitExitOrKill(Duration timeout) {
    if (!exitsWithin(timeout)) {
      kill();
    }
    deletePidFile();
  }

  /** Ends the process and its descendants at once (SIGKILL), as a crash would. */
  public void kill() {
    var all = Stream.concat(Stream.of(handle), handle.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    if (!Probe.poll(KILL_TIMEOUT, POLL_INTERVAL, () -> all.stream().noneMatch(PidFile::alive))) {
      throw new LaunchException(
          "%s (process %d) did not end after SIGKILL. It may wait for a disk; see: ps -o stat,wchan -p %d"
              .formatted(name(), pid(), pid()));
    }
    deletePidFile();
  }

  /** Suspends the process and its descendants (SIGSTOP) until they are thawed. */
  public void freeze() {
    signalAll("STOP");
  }

  /** Resumes the process and its descendants (SIGCONT). */
  public void thaw() {
    signalAll("CONT");
  }

  /** The process comes first, because it could start further descendants. */
  private void signalAll(String signal) {
    signal(signal);
    var pids =
        handle.descendants().map(process -> " " + process.pid()).collect(Collectors.joining());
    if (!pids.isEmpty()) {
      // Some may have ended meanwhile.
      shell("kill -" + signal + pids + " 2>/dev/null || true");
    }
  }

  private void signal(String signal) {
    shell("kill -" + signal + " " + pid());
  }

  private static void shell(String command) {
    Command.run(Path.of("/"), List.of("sh", "-c", command));
  }

  /** The last lines of its log, indented, for a message. */
  public String logTail(int lines) {
    return logTail(files, lines);
  }

  /** The same, of a process that may not run. */
  public static String logTail(ProcessFiles files, int lines) {
    return LogTail.of(files.log(), lines);
  }

  /** When it was started, if the operating system tells. */
  public Optional<Instant> started() {
    return handle.info().startInstant();
  }

  /** Resident memory in bytes; empty where the kernel does not report it (it is Linux's /proc). */
  public OptionalLong residentMemory() {
    var status = Path.of("/proc", String.valueOf(pid()), "status");
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst();
    } catch (IOException | UncheckedIOException unknown) {
      return OptionalLong.empty();
    }
  }

  private boolean exitsWithin(Duration timeout) {
    return Probe.poll(timeout, POLL_INTERVAL, () -> !alive());
  }

  private void deletePidFile() {
    delete(files.pid());
  }

  private static void delete(Path pidFile) {
    try {
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
