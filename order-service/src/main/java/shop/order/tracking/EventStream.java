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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.json.Json;
import shop.order.TimelineEntry;

/**
 * One client that follows one order, by Server-Sent Events (WHATWG HTML, 9.2). Sends each event
 * once and in order, whoever offers it and however often; writes only when the connection takes it.
 */
final class EventStream implements WriteListener {

  private static final Logger log = LoggerFactory.getLogger(EventStream.class);

  /** More than any order has to say at once; a client that lets so much pile up is cut off. */
  private static final int MAX_WAITING = 256;

  private final AsyncContext request;
  private final ServletOutputStream out;
  private final Consumer<EventStream> onLeave;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private final Map<Long, TimelineEntry> ahead = new HashMap<>();
  private long last;
  private boolean begun;
  private boolean stuck;
  private boolean unflushed;
  private boolean closed;
  private @Nullable Runnable whenClosed;

  EventStream(AsyncContext request, long afterSequence, Consumer<EventStream> onLeave)
      throws IOException {
    this.request = request;
    this.out = request.getResponse().getOutputStream();
    this.last = afterSequence;
    this.onLeave = onLeave;
  }

  /** Begins to write: from now on the container says when there is room. */
  void begin() {
    lock.lock();
    try {
      waiting.addFirst(bytes("retry: " + ThreadLocalRandom.current().nextInt(1000, 3000) + "\n\n"));
      out.setWriteListener(this);
      begun = true;
    } finally {
      lock.unlock();
    }
  }

  void onClose(Runnable then) {
    lock.lock();
    try {
      whenClosed = then;
      if (!closed) {
        return;
      }
    } finally {
      lock.unlock();
    }
    then.run();
  }

  long lastSequence() {
    lock.lock();
    try {
      return last;
    } finally {
      lock.unlock();
    }
  }

  /** Takes an event; it is sent once all before it were. */
  void offer(TimelineEntry entry) {
    lock.lock();
    try {
      if (entry.sequence() > last) {
        ahead.put(entry.sequence(), entry);
      }
      for (var next = ahead.remove(last + 1); next != null; next = ahead.remove(last + 1)) {
        last++;
        enqueue(text(next));
      }
    } finally {
      lock.unlock();
    }
    drain();
  }

  /**
   * Shows that the connection lives; cuts it off if the client took nothing since the last beat.
   */
  void beat() {
    boolean dead;
    lock.lock();
    try {
      dead = stuck && !waiting.isEmpty();
      stuck = true;
      enqueue(": still here\n\n");
    } finally {
      lock.unlock();
    }
    if (dead) {
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
    waiting.add(bytes(text));
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
      while (begun && !closed && out.isReady()) {
        byte @Nullable [] next = waiting.poll();
        if (next != null) {
          out.write(next);
          stuck = false;
          unflushed = true;
        } else if (unflushed) {
          unflushed = false;
          out.flush();
        } else {
          break;
        }
      }
      failed = waiting.size() > MAX_WAITING;
    } catch (IOException | IllegalStateException e) {
      log.debug("A client of a stream has gone", e);
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
    log.debug("A stream broke", failure);
    close();
  }

  /** Ends the response; the client may resume. */
  void close() {
    @Nullable Runnable then;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      then = whenClosed;
    } finally {
      lock.unlock();
    }
    onLeave.accept(this);
    if (then != null) {
      then.run();
    }
    try {
      request.complete();
    } catch (IllegalStateException e) {
      log.debug("The container had ended it before", e);
    }
  }
}
