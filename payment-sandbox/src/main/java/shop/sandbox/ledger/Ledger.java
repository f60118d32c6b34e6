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
 * The durable log of all facts. One thread writes every append that was queued during the previous
 * write, makes them durable with one fsync (group commit), and then notifies the listener, which
 * therefore never sees a fact that is not on disk.
 */
public final class Ledger implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final int APPENDS_PER_WRITE = 1024;

  private final LedgerFile file;
  private final FactListener listener;
  private final boolean fsync;
  private final LinkedBlockingQueue<Append> queue = new LinkedBlockingQueue<>();
  private final Thread writer;
  private volatile @Nullable String failure;

  private record Append(List<Fact> facts, List<byte[]> lines, CompletableFuture<Void> done) {}

  private static final Append STOP = new Append(List.of(), List.of(), new CompletableFuture<>());

  /**
   * Opens the ledger in a folder and replays it.
   *
   * @param fsync whether appended facts also survive power loss
   * @throws LedgerUnavailable if it is locked, corrupt or not writable
   */
  public Ledger(Path folder, boolean fsync, FactListener listener) {
    this.listener = listener;
    this.fsync = fsync;
    this.file = LedgerFile.open(folder, listener);
    this.writer = Thread.ofPlatform().name("ledger").daemon().start(this::run);
  }

  /**
   * Appends the facts atomically; returns when they are durable and the listener was notified.
   *
   * @throws LedgerUnavailable if the facts may not have been written
   */
  public void append(List<? extends Fact> facts) {
    if (facts.isEmpty()) {
      return;
    }
    var done = new CompletableFuture<Void>();
    queue.add(
        new Append(List.copyOf(facts), facts.stream().map(LedgerRecord::data).toList(), done));
    if (failure != null) {
      rejectQueued();
    }
    try {
      done.join();
    } catch (CompletionException e) {
      throw new LedgerUnavailable(String.valueOf(failure), e);
    }
  }

  /** Reads one fact back. */
  public Fact read(FileRange range) {
    try {
      return file.read(range);
    } catch (IOException e) {
      throw new LedgerUnavailable("Cannot read the ledger: " + e.getMessage(), e);
    }
  }

  /** Why nothing can be appended any longer, or null. */
  public @Nullable String failure() {
    return failure;
  }

  private void run() {
    var appends = new ArrayList<Append>();
    try {
      while (failure == null) {
        appends.add(queue.take());
        queue.drainTo(appends, APPENDS_PER_WRITE);
        boolean stop = appends.remove(STOP);
        write(appends);
        appends.clear();
        if (stop) {
          failure = "The sandbox is stopping.";
        }
      }
    } catch (IOException | RuntimeException | InterruptedException e) {
      LOG.error("Cannot write the ledger; all further appends are rejected until a restart", e);
      failure =
          "The ledger cannot be written: free disk space or repair the disk, then restart. " + e;
      appends.forEach(append -> append.done().completeExceptionally(e));
    }
    rejectQueued();
  }

  private void write(List<Append> appends) throws IOException {
    var batch = new ByteArrayOutputStream(1 << 14);
    var ranges = new ArrayList<List<FileRange>>(appends.size());
    for (var append : appends) {
      ranges.add(file.encode(append.lines(), batch, file.end()));
    }
    file.write(batch.toByteArray(), fsync);
    for (int i = 0; i < appends.size(); i++) {
      var append = appends.get(i);
      for (int j = 0; j < append.facts().size(); j++) {
        listener.on(append.facts().get(j), ranges.get(i).get(j));
      }
      append.done().complete(null);
    }
  }

  private void rejectQueued() {
    for (var append = queue.poll(); append != null; append = queue.poll()) {
      append.done().completeExceptionally(new IllegalStateException(failure));
    }
  }

  /** Writes the queued appends, then closes the file. */
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
