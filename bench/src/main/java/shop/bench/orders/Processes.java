package shop.bench.orders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The processes of {@code ./start}, read from the PID files in {@code .local/run}. */
public final class Processes {

  private final SortedMap<String, ProcessHandle> running = new TreeMap<>();

  /**
   * The processes that run.
   *
   * @throws IllegalStateException if there are none
   */
  public Processes(Path runFolder) {
    try (var files = Files.newDirectoryStream(runFolder, "*.pid")) {
      for (var file : files) {
        long pid = Long.parseLong(Files.readString(file).trim().split(" ", -1)[0]);
        String name = String.valueOf(file.getFileName()).replace(".pid", "");
        ProcessHandle.of(pid).ifPresent(process -> running.put(name, process));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The platform is not running. Start it: ./start --detach", e);
    }
    if (running.isEmpty()) {
      throw new IllegalStateException("The platform is not running. Start it: ./start --detach");
    }
  }

  /**
   * Suspends processes (SIGSTOP) until the result is closed or this program ends, unless it is
   * killed with SIGKILL.
   */
  public Suspension suspend(Collection<String> names) {
    var selected =
        running.entrySet().stream()
            .filter(process -> names.contains(process.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    var resume = new Thread(() -> signal("-CONT", selected));
    Runtime.getRuntime().addShutdownHook(resume);
    signal("-STOP", selected);
    return () -> {
      signal("-CONT", selected);
      Runtime.getRuntime().removeShutdownHook(resume);
    };
  }

  /** Resumes the suspended processes when it is closed. */
  @FunctionalInterface
  public interface Suspension extends AutoCloseable {
    @Override
    void close();
  }

  private static void signal(String signal, List<ProcessHandle> processes) {
    try {
      var command = new ArrayList<>(List.of("kill", signal));
      processes.forEach(process -> command.add(Long.toString(process.pid())));
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new IllegalStateException("kill " + signal + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted; some processes may still be suspended", e);
    }
  }

  /** CPU milliseconds that each process has used since its start. */
  SortedMap<String, Long> cpu() {
    var used = new TreeMap<String, Long>();
    running.forEach((name, process) ->
        used.put(name, process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis()));
    return used;
  }

  /** CPU milliseconds that each process has used since an earlier reading. */
  SortedMap<String, Long> cpuSince(Map<String, Long> earlier) {
    var used = cpu();
    used.replaceAll((name, millis) -> millis - earlier.getOrDefault(name, 0L));
    return used;
  }

  /** Resident megabytes of each process. */
  public SortedMap<String, Long> memory() {
    var resident = new TreeMap<String, Long>();
    running.forEach((name, process) -> resident.put(name, residentKilobytes(process) / 1024));
    return resident;
  }

  private static long residentKilobytes(ProcessHandle process) {
    try {
      var ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(process.pid())).start();
      try (var output = ps.getInputStream()) {
        String text = new String(output.readAllBytes(), StandardCharsets.UTF_8).trim();
        return text.isEmpty() ? 0 : Long.parseLong(text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
