package shop.sandbox.ledger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.sandbox.Fact;

/**
 * The durable record of everything that happened. One thread writes whatever has gathered while the
 * last write was under way, makes it durable with one fsync, and tells the followers; so what they
 * know is always on the disk.
 */
public final class Ledger implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final int STEPS_PER_WRITE = 1024;

  private final LedgerFile file;
  private final Follower follower;
  private final boolean fsync;
  private final LinkedBlockingQueue<Step> queue = new LinkedBlockingQueue<>();
  private final Thread writer;
  private volatile @Nullable String failure;

  private record Step(List<Fact> facts, List<byte[]> lines, CompletableFuture<Void> done) {}

  private static final Step STOP = new Step(List.of(), List.of(), new CompletableFuture<>());

  /**
   * Opens the ledger of a folder and replays it.
   *
   * @param fsync whether appended facts survive power loss too
   * @throws LedgerUnavailable if it is in use, damaged or cannot be written
   */
  public Ledger(Path folder, boolean fsync, Follower follower) {
    this.follower = follower;
    this.fsync = fsync;
    this.file = LedgerFile.open(folder, follower);
    this.writer = Thread.ofPlatform().name("ledger").daemon().start(this::run);
  }

  /**
   * Appends one step, all of it or nothing; returns when it is durable and its followers know it.
   *
   * @throws LedgerUnavailable if it may not have been written
   */
  public void append(List<? extends Fact> facts) {
    if (facts.isEmpty()) {
      return;
    }
    var done = new CompletableFuture<Void>();
    queue.add(new Step(List.copyOf(facts), facts.stream().map(LedgerRecord::data).toList(), done));
    if (failure != null) {
      refuseWaiting();
    }
    try {
      done.join();
    } catch (CompletionException e) {
      throw new LedgerUnavailable(String.valueOf(failure), e);
    }
  }

  /** Reads one fact back. */
  public Fact read(FileRange span) {
    try {
      return file.read(span);
    } catch (IOException e) {
      throw new LedgerUnavailable("Cannot read the ledger: " + e.getMessage(), e);
    }
  }

  /** Why nothing can be appended any more, or null while all is well. */
  public @Nullable String failure() {
    return failure;
  }

  private void run() {
    var steps = new ArrayList<Step>();
    try {
      while (failure == null) {
        steps.add(queue.take());
        queue.drainTo(steps, STEPS_PER_WRITE);
        boolean stop = steps.remove(STOP);
        write(steps);
        steps.clear();
        if (stop) {
          failure = "The sandbox is stopping.";
        }
      }
    } catch (IOException | RuntimeException | InterruptedException e) {
      LOG.error("The ledger cannot be written any more", e);
      failure = "The ledger cannot be written: free its disk or repair it, then restart. " + e;
      steps.forEach(step -> step.done().completeExceptionally(e));
    }
    refuseWaiting();
  }

  private void write(List<Step> steps) throws IOException {
    var batch = new ByteArrayOutputStream(1 << 14);
    var spans = new ArrayList<List<FileRange>>(steps.size());
    for (var step : steps) {
      spans.add(file.put(step.lines(), batch, file.end()));
    }
    file.write(batch.toByteArray(), fsync);
    for (int i = 0; i < steps.size(); i++) {
      var step = steps.get(i);
      for (int j = 0; j < step.facts().size(); j++) {
        follower.on(step.facts().get(j), spans.get(i).get(j));
      }
      step.done().complete(null);
    }
  }

  private void refuseWaiting() {
    for (var step = queue.poll(); step != null; step = queue.poll()) {
      step.done().completeExceptionally(new IllegalStateException(failure));
    }
  }

  /** Writes what is waiting, then lets go of the file. */
  @Override
  public void close() {
    queue.add(STOP);
    try {
      writer.join();
      file.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new LedgerUnavailable("Cannot close the ledger: " + e.getMessage(), e);
    }
  }
}
