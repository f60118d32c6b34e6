package shop.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import shop.local.os.Failure;
import shop.local.os.OsProcess;
import shop.local.os.ProcessFiles;
import shop.local.os.Repository;

/** The program behind {@code ./start} and {@code ./stop}. */
public final class Launcher {
  private static final Duration WATCH = Duration.ofMillis(500);
  private static final Duration OTHER_LAUNCHER = Duration.ofMinutes(2);
  private static final int LAST_WORDS = 15;

  private final Arguments arguments;
  private final Layout layout;
  private final ConsoleProgress progress;
  private final AtomicBoolean left = new AtomicBoolean();
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Launcher(Arguments arguments, ConsoleProgress progress) {
    this.arguments = arguments;
    this.layout = new Layout(arguments.options().dataDir());
    this.progress = progress;
  }

  public static void main(String[] words) {
    var progress = ConsoleProgress.terminal();
    try {
      new Launcher(Arguments.parse(List.of(words)), progress).run();
    } catch (Failure failure) {
      progress.failed(String.valueOf(failure.getMessage()));
      System.exit(1);
    }
  }

  private void run() {
    try {
      switch (arguments.command()) {
        case "start" -> start();
        case "stop" -> stop();
        case "status" -> status();
        case "help" -> progress.line(Arguments.USAGE);
        default -> throw new Failure("start, stop or status is expected.\n\n" + Arguments.USAGE);
      }
    } catch (Failure failure) {
      // After Ctrl-C things fail because they are being stopped.
      if (!stopping.get()) {
        throw failure;
      }
    }
  }

  private void start() {
    var began = Instant.now();
    try (var _ = RunLock.take(layout).orElseThrow(this::alreadyRuns)) {
      OsProcess.record(layout.launcherPid());
      cleanUp();
      delete(layout.detachedMark());
      Preflight.check(new Plan(arguments.options()));
      new Build(progress).run();
      var built = Instant.now();
      var platform = new Platform(arguments.options(), progress);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stopUnlessLeft(platform), "stop"));
      run(platform, Duration.between(began, built).toSeconds() < 2 ? began : built);
      if (arguments.detach()) {
        write(layout.detachedMark());
        left.set(true);
        System.exit(0);
      }
      watch(platform);
    }
  }

  private void run(Platform platform, Instant began) {
    progress.title("Starting");
    platform.startAll();
    progress.title("First order");
    progress.begin("order");
    try (var http = HttpClient.newHttpClient()) {
      var order = firstOrder(platform, FirstOrder.of(platform, http));
      progress.done(
          order.way(),
          "%d ms · %s, %s".formatted(order.took().toMillis(), order.product(), order.total()));
      DemoEnv.write(platform);
      var took = Duration.between(began, Instant.now());
      Banner.show(platform, order, took, arguments.detach(), progress);
    }
  }

  private FirstOrder.Outcome firstOrder(Platform platform, FirstOrder order) {
    try {
      return order.place(Environment.CUSTOMER, platform.demoPassword(), progress::note);
    } catch (Failure failure) {
      var fallen = platform.fallen();
      throw fallen.isEmpty() ? failure : new Failure(ended(fallen.getFirst()), failure);
    }
  }

  private static String ended(OsProcess process) {
    return process.name()
        + " ended, though nobody stopped it. Its last lines:\n"
        + process.lastWords(LAST_WORDS);
  }

  private Failure alreadyRuns() {
    var who =
        OsProcess.find(place(layout)).map(process -> " (process " + process.pid() + ")").orElse("");
    return new Failure(
        "The platform already runs, or starts, in another terminal"
            + who
            + ". Stop it with Ctrl-C there, or with ./stop.");
  }

  /** Whatever a launcher left that was killed before it could stop its processes. */
  private void cleanUp() {
    var orphans = Shutdown.alive(layout);
    if (orphans.isEmpty()) {
      return;
    }
    if (Files.exists(layout.detachedMark())) {
      throw new Failure("The platform already runs in the background. Stop it with ./stop.");
    }
    progress.line(
        "Stopping what a killed start left behind: "
            + orphans.stream().map(OsProcess::name).collect(Collectors.joining(", ")));
    Shutdown.run(layout);
  }

  /** Reports whoever dies, once, until this process is told to end. */
  private void watch(Platform platform) {
    var reported = new HashSet<Long>();
    while (true) {
      LockSupport.parkNanos(WATCH.toNanos());
      for (var process : platform.fallen()) {
        if (!stopping.get() && reported.add(process.pid())) {
          progress.failed(ended(process) + "\nTo start it again: Ctrl-C, then ./start");
        }
      }
    }
  }

  private void stopUnlessLeft(Platform platform) {
    if (left.get()) {
      return;
    }
    stopping.set(true);
    var began = Instant.now();
    progress.title("Stopping");
    platform.stop();
    progress.done("everything is stopped", Duration.between(began, Instant.now()));
  }

  private void stop() {
    var launcher = OsProcess.find(place(layout));
    var began = Instant.now();
    launcher.filter(OsProcess::alive).ifPresent(process -> process.stop(OTHER_LAUNCHER));
    var others = Shutdown.alive(layout);
    Shutdown.run(layout);
    delete(layout.detachedMark());
    if (launcher.isEmpty() && others.isEmpty()) {
      progress.line("Nothing was running.");
    } else {
      progress.done("everything is stopped", Duration.between(began, Instant.now()));
    }
    if (arguments.wipe()) {
      layout.wipe();
      progress.done("its data is deleted", DemoEnv.shown(Repository.root(), layout.root()));
    }
  }

  private void status() {
    var alive = Shutdown.alive(layout);
    alive.forEach(process -> progress.done(process.name(), "process " + process.pid()));
    if (alive.isEmpty()) {
      progress.line("Nothing is running.");
    }
  }

  private static ProcessFiles place(Layout layout) {
    return new ProcessFiles("launcher", layout.run(), layout.log(), layout.launcherPid());
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
