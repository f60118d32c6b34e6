package shop.sandbox.ledger;

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
 * The only writer of the store. One thread takes every append that was queued during the previous
 * write, lets the listener derive its changes, and makes all of them durable with one fsync (group
 * commit); readers never see what is not on disk.
 */
public final class Ledger implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final int APPENDS_PER_WRITE = 1024;

  private final LedgerStore store;
  private final FactListener listener;
  private final boolean fsync;
  private final LinkedBlockingQueue<Append> queue = new LinkedBlockingQueue<>();
  private final Thread writer;
  private volatile @Nullable String failure;

  private record Append(List<Fact> facts, CompletableFuture<Void> done) {}

  private static final Append STOP = new Append(List.of(), new CompletableFuture<>());

  /**
   * Starts the writer.
   *
   * @param fsync whether appended facts also survive power loss
   */
  public Ledger(LedgerStore store, boolean fsync, FactListener listener) {
    this.store = store;
    this.listener = listener;
    this.fsync = fsync;
    this.writer = Thread.ofPlatform().name("ledger").daemon().start(this::run);
  }

  /**
   * Appends the facts atomically; returns when they are durable and visible.
   *
   * @throws LedgerUnavailable if the facts may not have been written
   */
  public void append(List<? extends Fact> facts) {
    if (facts.isEmpty()) {
      return;
    }
    var done = new CompletableFuture<Void>();
    queue.add(new Append(List.copyOf(facts), done));
    if (failure != null) {
      rejectQueued();
    }
    try {
      done.join();
    } catch (CompletionException e) {
      throw new LedgerUnavailable(String.valueOf(failure), e);
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
    } catch (RuntimeException | InterruptedException | Error e) {
      // An Error, too: without this thread, no append would ever return.
      LOG.error("Cannot write the ledger; all further appends are rejected until a restart", e);
      failure =
          "The ledger cannot be written: free disk space or repair the disk, then restart. " + e;
      appends.forEach(append -> append.done().completeExceptionally(e));
    }
    rejectQueued();
  }

  private void write(List<Append> appends) {
    if (appends.isEmpty()) {
      return;
    }
    try (var batch = store.batch()) {
      for (var append : appends) {
        append.facts().forEach(fact -> listener.on(fact, batch));
      }
      store.write(batch, fsync);
    }
    appends.forEach(append -> append.done().complete(null));
  }

  private void rejectQueued() {
    for (var append = queue.poll(); append != null; append = queue.poll()) {
      append.done().completeExceptionally(new IllegalStateException(failure));
    }
  }

  /** Writes the queued appends, then rejects further ones. */
  @Override
  public void close() {
    queue.add(STOP);
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
