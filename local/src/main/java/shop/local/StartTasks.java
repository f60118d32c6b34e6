package shop.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorCompletionService;
import shop.local.os.LaunchException;

/** Starts components concurrently, and reports when each begins and when it is ready. */
final class StartTasks {
  private final ExecutorCompletionService<String> tasks;
  private final StartListener progress;
  private final Set<String> pending = new HashSet<>();

  StartTasks(Executor executor, StartListener progress) {
    this.tasks = new ExecutorCompletionService<>(executor);
    this.progress = progress;
  }

  void submit(String name, Runnable start) {
    pending.add(name);
    progress.begin(name);
    tasks.submit(
        () -> {
          var began = Instant.now();
          start.run();
          progress.done(name, Duration.between(began, Instant.now()));
        },
        name);
  }

  /**
   * Waits until the named components are ready.
   *
   * @throws LaunchException that of the first start that failed, of any component
   */
  void await(Collection<String> names) {
    try {
      while (names.stream().anyMatch(pending::contains)) {
        pending.remove(tasks.take().get());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof LaunchException failure
          ? failure
          : new LaunchException("A component could not be started: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchException("The start was interrupted.", e);
    }
  }

  void awaitAll() {
    await(Set.copyOf(pending));
  }
}
