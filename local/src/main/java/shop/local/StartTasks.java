package shop.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorCompletionService;
import shop.local.os.Failure;

/** Starts that run at the same time, each shown when it begins and when it is done. */
final class StartTasks {
  private final ExecutorCompletionService<String> running;
  private final ConsoleProgress progress;
  private final Set<String> awaited = new HashSet<>();

  StartTasks(Executor executor, ConsoleProgress progress) {
    this.running = new ExecutorCompletionService<>(executor);
    this.progress = progress;
  }

  void submit(String name, Runnable start) {
    awaited.add(name);
    progress.begin(name);
    running.submit(
        () -> {
          var began = Instant.now();
          start.run();
          progress.done(name, Duration.between(began, Instant.now()));
        },
        name);
  }

  /**
   * Waits for some of them.
   *
   * @throws Failure the first that any start ended with
   */
  void await(Collection<String> names) {
    try {
      while (names.stream().anyMatch(awaited::contains)) {
        awaited.remove(running.take().get());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Failure failure
          ? failure
          : new Failure("Starting failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("Starting was interrupted.", e);
    }
  }

  void awaitAll() {
    await(Set.copyOf(awaited));
  }
}
