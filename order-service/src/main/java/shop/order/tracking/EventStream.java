package shop.order.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.json.Json;
import shop.order.TimelineEntry;

/**
 * One client that follows one order, by Server-Sent Events (WHATWG HTML, 9.2). Sends each event
 * once and in order, even if it is offered repeatedly or out of order; never blocks on a write.
 */
final class EventStream implements WriteListener {

  private static final Logger log = LoggerFactory.getLogger(EventStream.class);

  /**
   * Messages; more than an order has events at once. A client with a longer queue is disconnected.
   */
  private static final int MAX_QUEUED = 256;

  private final AsyncContext request;
  private final ServletOutputStream out;
  private final RandomGenerator random;
  private final Consumer<EventStream> onRemoval;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<byte[]> queue = new ArrayDeque<>();
  private final Map<Long, TimelineEntry> outOfOrder = new HashMap<>();
  private long last;
  private boolean started;
  private boolean stalled;
  private boolean unflushed;
  private boolean closed;
  private @Nullable Runnable closeAction;

  EventStream(
      AsyncContext request,
      long afterSequence,
      RandomGenerator random,
      Consumer<EventStream> onRemoval)
      throws IOException {
    this.request = request;
    this.random = random;
    this.out = request.getResponse().getOutputStream();
    this.last = afterSequence;
    this.onRemoval = onRemoval;
  }

  /** Starts writing: from now on the container reports when the connection can be written to. */
  void start() {
    lock.lock();
    try {
      queue.addFirst(bytes("retry: " + random.nextInt(1000, 3000) + "\n\n"));
      out.setWriteListener(this);
      started = true;
    } finally {
      lock.unlock();
    }
  }

  void onClose(Runnable action) {
    lock.lock();
    try {
      closeAction = action;
      if (!closed) {
        return;
      }
    } finally {
      lock.unlock();
    }
    action.run();
  }

  long lastSequence() {
    lock.lock();
    try {
      return last;
    } finally {
      lock.unlock();
    }
  }

  /** Accepts an event; it is sent after all events before it. */
  void offer(TimelineEntry entry) {
    lock.lock();
    try {
      if (entry.sequence() > last) {
        outOfOrder.put(entry.sequence(), entry);
      }
      for (var next = outOfOrder.remove(last + 1);
          next != null;
          next = outOfOrder.remove(last + 1)) {
        last++;
        enqueue(text(next));
      }
    } finally {
      lock.unlock();
    }
    drain();
  }

  /**
   * Sends a comment that keeps the connection alive; disconnects the client if it has read nothing
   * since the last one.
   */
  void heartbeat() {
    boolean disconnect;
    lock.lock();
    try {
      disconnect = stalled && !queue.isEmpty();
      stalled = true;
      enqueue(": still here\n\n");
    } finally {
      lock.unlock();
    }
    if (disconnect) {
      close();
    } else {
      drain();
    }
  }

  private static String text(TimelineEntry entry) {
    return "id: %d\nevent: %s\ndata: %s\n\n"
        .formatted(entry.sequence(), entry.type(), Json.MAPPER.writeValueAsString(entry));
  }

  private void enqueue(String text) {
    queue.add(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Override
  public void onWritePossible() {
    drain();
  }

  private void drain() {
    boolean failed = false;
    lock.lock();
    try {
      while (started && !closed && out.isReady()) {
        byte @Nullable [] next = queue.poll();
        if (next != null) {
          out.write(next);
          stalled = false;
          unflushed = true;
        } else if (unflushed) {
          unflushed = false;
          out.flush();
        } else {
          break;
        }
      }
      failed = queue.size() > MAX_QUEUED;
    } catch (IOException | IllegalStateException e) {
      log.debug("A client disconnected; its stream is closed", e);
      failed = true;
    } finally {
      lock.unlock();
    }
    if (failed) {
      close();
    }
  }

  @Override
  public void onError(Throwable failure) {
    log.debug("Writing to a stream failed; it is closed", failure);
    close();
  }

  /** Ends the response; the client may resume. */
  void close() {
    @Nullable Runnable action;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      action = closeAction;
    } finally {
      lock.unlock();
    }
    onRemoval.accept(this);
    if (action != null) {
      action.run();
    }
    try {
      request.complete();
    } catch (IllegalStateException e) {
      log.debug("The container had already completed the request", e);
    }
  }
}
