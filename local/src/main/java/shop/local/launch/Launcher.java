package shop.local.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import shop.local.DataFolders;
import shop.local.Platform;
import shop.local.PlatformTopology;
import shop.local.Preflight;
import shop.local.Shutdown;
import shop.local.Supervision;
import shop.local.os.JavaCommand;
import shop.local.os.LaunchException;
import shop.local.os.OsProcess;
import shop.local.os.Repository;

/** The program behind {@code ./start} and {@code ./stop}. */
public final class Launcher {
  private static final Duration WATCH_INTERVAL = Duration.ofMillis(500);
  private static final Duration LAUNCHER_GRACE = Duration.ofMinutes(2);
  // A start that spent at least this long on building counts its time from the end of the build.
  private static final Duration NOTICEABLE_BUILD = Duration.ofSeconds(2);
  // The starting process holds the lock until it has ended.
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);
  private static final int WATCHER_HEAP = 48;
  private static final int LOG_LINES = 15;

  private final Arguments arguments;
  private final DataFolders folders;
  private final ConsoleProgress progress;
  private final AtomicBoolean detached = new AtomicBoolean();
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Launcher(Arguments arguments, ConsoleProgress progress) {
    this.arguments = arguments;
    this.folders = new DataFolders(arguments.options().dataDir());
    this.progress = progress;
  }

  public static void main(String[] args) {
    var progress = ConsoleProgress.terminal();
    try {
      new Launcher(Arguments.parse(List.of(args)), progress).run();
    } catch (LaunchException failure) {
      progress.failed(String.valueOf(failure.getMessage()));
      System.exit(1);
    }
  }

  private void run() {
    try {
      switch (arguments.command()) {
        case "start" -> start();
        case "stop" -> stop();
        case "watch" -> watchDetached();
        case "status" -> status();
        case "help" -> progress.line(Arguments.USAGE);
        default ->
            throw new LaunchException(
                "The command must be start, stop, status or help.\n\n" + Arguments.USAGE);
      }
    } catch (LaunchException failure) {
      // After Ctrl-C, a step fails because its process is being stopped: not worth an error.
      if (!stopping.get()) {
        throw failure;
      }
    }
  }

  private void start() {
    var began = Instant.now();
    try (var _ = LauncherLock.tryAcquire(folders).orElseThrow(this::alreadyRuns)) {
      OsProcess.writeOwnPid(folders.launcherFiles().pid());
      stopOrphans();
      delete(folders.detachedMarker());
      delete(folders.supervision());
      Preflight.check(new PlatformTopology(arguments.options()));
      new Build(progress).run();
      var built = Instant.now();
      var platform = new Platform(arguments.options(), progress);
      stopAtExit(platform);
      var buildTime = Duration.between(began, built);
      run(platform, buildTime.compareTo(NOTICEABLE_BUILD) < 0 ? began : built);
      if (arguments.detach()) {
        write(folders.detachedMarker());
        detached.set(true);
        startWatcher();
        System.exit(0);
      }
      watch(platform, this::tell);
    }
  }

  private void stopAtExit(Platform platform) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopUnlessDetached(platform), "stop"));
  }

  /** Starts this program again in the background; it takes the lock when this process ends. */
  private void startWatcher() {
    OsProcess.start(
        folders.launcherFiles(),
        Repository.root(),
        Map.of(),
        JavaCommand.withMaxHeap(WATCHER_HEAP)
            .serialCollector()
            .quickCompiler()
            .options("-Dshop.root=" + Repository.root())
            .mainClass(JavaCommand.ownClassPath(), Launcher.class.getName(), arguments.watching()));
  }

  /** Watches the platform that {@code ./start --detach} has started. */
  private void watchDetached() {
    try (var _ = LauncherLock.acquire(folders, LOCK_TIMEOUT).orElseThrow(this::alreadyRuns)) {
      OsProcess.writeOwnPid(folders.launcherFiles().pid());
      var platform = new Platform(arguments.options(), progress);
      stopAtExit(platform);
      platform.adopt();
      log("Watching the platform");
      watch(platform, this::log);
    }
  }

  private void run(Platform platform, Instant began) {
    progress.title("Starting");
    platform.startAll();
    noteUnusedCaches(platform);
    progress.title("First order");
    progress.begin("order");
    try (var http = platform.httpClient().build()) {
      var order = firstOrder(platform, FirstOrder.of(platform, http));
      progress.done(
          "order",
          order.statuses(),
          "%d ms · %s, %s".formatted(order.latency().toMillis(), order.product(), order.total()));
      DemoEnv.write(platform);
      var startTime = Duration.between(began, Instant.now());
      Banner.show(platform, order, startTime, arguments.detach(), progress);
    }
  }

  private void noteUnusedCaches(Platform platform) {
    var without = platform.processesWithoutAotCache();
    if (!without.isEmpty()) {
      platform.discardUnusedAotCaches();
      progress.note(
          "Without an AOT cache, and so slower: %s. The next start records all caches again."
              .formatted(without.stream().map(OsProcess::name).collect(Collectors.joining(", "))));
    }
  }

  private FirstOrder.Confirmation firstOrder(Platform platform, FirstOrder order) {
    try {
      return order.place(Platform.DEMO_CUSTOMER, platform.demoPassword(), progress::note);
    } catch (LaunchException failure) {
      var exited = platform.exitedServices();
      throw exited.isEmpty()
          ? failure
          : new LaunchException(exitMessage(exited.getFirst()), failure);
    }
  }

  private static String exitMessage(OsProcess process) {
    return process.name()
        + " exited unexpectedly. The last lines of its log:\n"
        + process.logTail(LOG_LINES);
  }

  private LaunchException alreadyRuns() {
    var pid =
        OsProcess.find(folders.launcherFiles())
            .map(process -> " (process " + process.pid() + ")")
            .orElse("");
    return new LaunchException(
        "The platform is already running or starting, in another terminal or in the background"
            + pid
            + ". Stop it with ./stop, or with Ctrl-C in its terminal.");
  }

  /** Stops the processes of a launcher that was killed before it could stop them. */
  private void stopOrphans() {
    var orphans = Shutdown.running(folders);
    if (orphans.isEmpty()) {
      return;
    }
    if (Files.exists(folders.detachedMarker())) {
      throw new LaunchException(
          "The platform is already running in the background. Stop it with ./stop.");
    }
    progress.line(
        "Stopping processes that an interrupted start left running: "
            + orphans.stream().map(OsProcess::name).collect(Collectors.joining(", ")));
    Shutdown.run(folders);
  }

  /** Restarts what exits, until this process is terminated. */
  private void watch(Platform platform, Consumer<String> messages) {
    // During a stop, everything exits as it should.
    var supervisor =
        platform.supervise(message -> {
          if (!stopping.get()) {
            messages.accept(message);
          }
        });
    while (!stopping.get()) {
      supervisor.check();
      LockSupport.parkNanos(WATCH_INTERVAL.toNanos());
    }
    supervisor.stop();
  }

  /** Shows a message in the terminal and in the launcher's log. */
  private void tell(String message) {
    progress.warning(message);
    try {
      Files.writeString(
          folders.launcherFiles().log(),
          stamped(message) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      progress.warning("The launcher's log cannot be written: " + e);
    }
  }

  /** In the background, standard output is the launcher's log. */
  private void log(String message) {
    progress.line(stamped(message));
  }

  private static String stamped(String message) {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + message;
  }

  private void stopUnlessDetached(Platform platform) {
    if (detached.get()) {
      return;
    }
    stopping.set(true);
    var began = Instant.now();
    progress.title("Stopping");
    platform.stop();
    delete(folders.supervision());
    progress.done("platform stopped", Duration.between(began, Instant.now()));
  }

  private void stop() {
    var launcher = OsProcess.find(folders.launcherFiles());
    var began = Instant.now();
    launcher.filter(OsProcess::alive).ifPresent(process -> process.stop(LAUNCHER_GRACE));
    var others = Shutdown.running(folders);
    Shutdown.run(folders);
    delete(folders.detachedMarker());
    delete(folders.supervision());
    if (launcher.isEmpty() && others.isEmpty()) {
      progress.line("Nothing was running.");
    } else {
      progress.done("platform stopped", Duration.between(began, Instant.now()));
    }
    if (arguments.wipe()) {
      folders.wipe();
      progress.done("data deleted", DemoEnv.displayPath(Repository.root(), folders.root()));
    }
  }

  private void status() {
    var running = Shutdown.running(folders);
    var supervised = Supervision.read(folders.supervision());
    if (running.isEmpty()) {
      progress.line("Nothing is running.");
      return;
    }
    Status.lines(supervised, running, Instant.now()).forEach(progress::line);
    if (OsProcess.find(folders.launcherFiles()).isEmpty()) {
      progress.line("");
      progress.line(
          "Nothing restarts what exits, because the launcher does not run. ./stop ends the rest.");
    }
  }

  private static void write(java.nio.file.Path file) {
    try {
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(java.nio.file.Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
