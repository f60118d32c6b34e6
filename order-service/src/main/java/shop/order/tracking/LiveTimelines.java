package shop.order.tracking;

import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import shop.order.OrderId;
import shop.order.TimelineEntry;
import shop.order.store.OrderView;
import shop.order.store.RedisUnavailable;

/**
 * The open streams of this instance, by order. None has a thread of its own: events come from the
 * one reader of the log, heartbeats from one timer, and a client that does not take what it is sent
 * is cut off; it resumes with {@code Last-Event-ID} wherever it likes.
 */
@Component
public class LiveTimelines implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(LiveTimelines.class);
  private static final Duration SOON = Duration.ofMillis(500);

  private final OrderView view;
  private final TrackingSettings settings;
  private final Map<String, Set<EventStream>> streams = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("order-streams").factory());

  LiveTimelines(OrderView view, TrackingSettings settings) {
    this.view = view;
    this.settings = settings;
  }

  /**
   * Sends an order's events on a response that stays open.
   *
   * @param afterSequence the last event that the client has; 0 for none
   */
  public void open(OrderId id, long afterSequence, AsyncContext request) throws IOException {
    request.setTimeout(0);
    String order = id.toString();
    var stream = new EventStream(request, afterSequence, closed -> leave(order, closed));
    streams.compute(
        order,
        (_, present) -> {
          Set<EventStream> all = present == null ? ConcurrentHashMap.newKeySet() : present;
          all.add(stream);
          return all;
        });
    stream.begin();
    catchUp(id, stream);
    // What was committed before this stream was there, and was not in the view yet.
    var _ = timer.schedule(() -> later(id, stream), SOON.toMillis(), TimeUnit.MILLISECONDS);
    long beat = settings.heartbeat().toMillis();
    var beats =
        timer.scheduleAtFixedRate(
            () -> beat(id, stream),
            ThreadLocalRandom.current().nextLong(beat / 2, beat),
            beat,
            TimeUnit.MILLISECONDS);
    long life =
        settings.life().toMillis()
            - ThreadLocalRandom.current().nextLong(settings.life().toMillis() / 5);
    var end = timer.schedule(stream::close, life, TimeUnit.MILLISECONDS);
    stream.onClose(() -> {
      beats.cancel(false);
      end.cancel(false);
    });
  }

  private void beat(OrderId id, EventStream stream) {
    stream.beat();
    later(id, stream);
  }

  /** Reading the view may wait for Redis, which the timer must not. */
  private void later(OrderId id, EventStream stream) {
    Thread.ofVirtual().start(() -> catchUp(id, stream));
  }

  private void catchUp(OrderId id, EventStream stream) {
    try {
      view.timeline(id, stream.lastSequence()).forEach(stream::offer);
    } catch (RedisUnavailable e) {
      log.debug("The timeline of {} cannot be read now; the next beat tries again", id, e);
    }
  }

  boolean isFollowed(String order) {
    return streams.containsKey(order);
  }

  void tell(String order, TimelineEntry entry) {
    streams.getOrDefault(order, Set.of()).forEach(stream -> stream.offer(entry));
  }

  private void leave(String order, EventStream closed) {
    streams.computeIfPresent(
        order,
        (_, present) -> {
          present.remove(closed);
          return present.isEmpty() ? null : present;
        });
  }

  /** How many streams are open here. */
  public int count() {
    return streams.values().stream().mapToInt(Set::size).sum();
  }

  @Override
  public void destroy() {
    timer.shutdownNow();
    streams.values().forEach(open -> open.forEach(EventStream::close));
  }
}
