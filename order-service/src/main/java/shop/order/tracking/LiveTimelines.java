package shop.order.tracking;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import shop.common.problem.Problem;
import shop.common.security.Caller;
import shop.order.OrderId;
import shop.order.TimelineEntry;
import shop.order.archive.ArchiveUnavailable;
import shop.order.reading.Orders;
import shop.order.redis.RedisUnavailable;

/**
 * The open event streams of this instance, by order. None has a thread of its own: events come from
 * the one consumer of the log, heartbeats from one timer, and a client that does not read is
 * disconnected; it resumes with {@code Last-Event-ID} at any instance.
 */
@Component
public class LiveTimelines implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(LiveTimelines.class);
  private static final Duration CATCH_UP_DELAY = Duration.ofMillis(500);

  private final Orders orders;
  private final TrackingSettings settings;
  private final RandomGenerator random;
  private final Map<String, Set<EventStream>> streams = new ConcurrentHashMap<>();
  private final Map<EventStream, UUID> accounts = new ConcurrentHashMap<>();
  private final StreamQuota quota;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("order-streams").factory());

  LiveTimelines(Orders orders, TrackingSettings settings, RandomGenerator random) {
    this.orders = orders;
    this.settings = settings;
    this.quota = new StreamQuota(settings);
    this.random = random;
  }

  /**
   * Streams an order's events on a response that stays open.
   *
   * @param afterSequence the last event that the client has; 0 for none
   * @throws Problem 429 or 503 if too many streams are open
   */
  public void open(OrderId id, long afterSequence, Caller caller, HttpServletRequest request)
      throws IOException {
    try {
      quota.acquire(caller);
    } catch (Problem refused) {
      detectDisconnected(caller.id());
      throw refused;
    }
    String order = id.toString();
    EventStream stream;
    try {
      var context = request.startAsync();
      context.setTimeout(0);
      stream = new EventStream(context, afterSequence, random, closed -> remove(order, closed));
      context.addListener(new EndOnError(stream));
    } catch (IOException | RuntimeException e) {
      quota.release(caller.id());
      throw e;
    }
    accounts.put(stream, caller.id());
    streams.compute(
        order,
        (_, present) -> {
          Set<EventStream> all = present == null ? ConcurrentHashMap.newKeySet() : present;
          all.add(stream);
          return all;
        });
    stream.start();
    catchUp(id, stream);
    // Events that were committed before this stream was registered and are not in the view yet.
    var _ =
        timer.schedule(
            () -> catchUpInBackground(id, stream),
            CATCH_UP_DELAY.toMillis(),
            TimeUnit.MILLISECONDS);
    long heartbeat = settings.heartbeat().toMillis();
    var heartbeats =
        timer.scheduleAtFixedRate(
            () -> heartbeat(id, stream),
            random.nextLong(heartbeat / 2, heartbeat),
            heartbeat,
            TimeUnit.MILLISECONDS);
    long maxDuration = settings.maxDuration().toMillis();
    long duration = maxDuration - random.nextLong(maxDuration / 5);
    var end = timer.schedule(stream::close, duration, TimeUnit.MILLISECONDS);
    stream.onClose(() -> {
      heartbeats.cancel(false);
      end.cancel(false);
    });
  }

  /**
   * Writes to the account's streams: a client that has gone, such as a page that was reloaded, is
   * noticed only by that.
   */
  private void detectDisconnected(UUID account) {
    accounts.forEach((stream, owner) -> {
      if (owner.equals(account)) {
        stream.heartbeat();
      }
    });
  }

  private void heartbeat(OrderId id, EventStream stream) {
    stream.heartbeat();
    catchUpInBackground(id, stream);
  }

  /** Reads the view on another thread, because Redis must not block the timer. */
  private void catchUpInBackground(OrderId id, EventStream stream) {
    Thread.ofVirtual().start(() -> catchUp(id, stream));
  }

  private void catchUp(OrderId id, EventStream stream) {
    try {
      orders.timeline(id, stream.lastSequence()).forEach(stream::offer);
    } catch (RedisUnavailable | ArchiveUnavailable e) {
      log.debug("Cannot read the timeline of order {}; the next heartbeat tries again", id, e);
    }
  }

  boolean isFollowed(String order) {
    return streams.containsKey(order);
  }

  /** Passes an event to the streams of its order. */
  void publish(String order, TimelineEntry entry) {
    streams.getOrDefault(order, Set.of()).forEach(stream -> stream.offer(entry));
  }

  private void remove(String order, EventStream closed) {
    @Nullable UUID account = accounts.remove(closed);
    if (account != null) {
      quota.release(account);
    }
    streams.computeIfPresent(
        order,
        (_, present) -> {
          present.remove(closed);
          return present.isEmpty() ? null : present;
        });
  }

  /** The number of open streams of this instance. */
  public int count() {
    return streams.values().stream().mapToInt(Set::size).sum();
  }

  @Override
  public void destroy() {
    timer.shutdownNow();
    streams.values().forEach(open -> open.forEach(EventStream::close));
  }
}
