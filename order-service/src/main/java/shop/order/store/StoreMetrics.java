package shop.order.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import shop.order.OrderStatus;
import shop.order.OrderTimings;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.redis.RedisUnavailable;

/** Metrics of Redis: what it holds, and whether it is open; see monitoring/alerts.yml. */
@Component
class StoreMetrics implements MeterBinder {

  private static final Duration HOUR = Duration.ofHours(1);

  private final Redis redis;
  private final OrderTimings settings;
  private final Clock clock;

  StoreMetrics(Redis redis, OrderTimings settings, Clock clock) {
    this.redis = redis;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(
        registry,
        "orders.redis.open",
        "1 while Redis may be written to",
        m -> redis.isOpen() ? 1 : 0);
    gauge(registry, "orders.redis.memory", "Bytes that Redis uses", m -> m.memory("used_memory"));
    gauge(
        registry,
        "orders.redis.memory.max",
        "Bytes that Redis may use; 0 if unlimited",
        m -> m.memory("maxmemory"));
    gauge(
        registry,
        "orders.unsettled",
        "Orders that are not settled",
        m -> redis.await(redis.commands().zcard(Redis.bytes(Keys.UNSETTLED))));
    for (var status : List.of(OrderStatus.PLACED, OrderStatus.CONFIRMED, OrderStatus.CANCELLING)) {
      Gauge.builder("orders.open", this, metrics -> metrics.measured(m -> m.count(status)))
          .description("Orders that stay in Redis until they are shipped or end, by status")
          .tag("status", status.name())
          .register(registry);
    }
    gauge(
        registry,
        "orders.idempotency.keys",
        "Idempotency keys that are stored, to the hour",
        m -> m.keysByHour().values().stream().mapToLong(Long::longValue).sum());
    gauge(
        registry,
        "orders.idempotency.age",
        "Seconds since the beginning of the hour in which the oldest idempotency key was first used",
        StoreMetrics::oldestKey);
  }

  private void gauge(
      MeterRegistry registry, String name, String description, ToDoubleFunction<StoreMetrics> of) {
    Gauge.builder(name, this, metrics -> metrics.measured(of))
        .description(description)
        .register(registry);
  }

  private double measured(ToDoubleFunction<StoreMetrics> of) {
    try {
      return of.applyAsDouble(this);
    } catch (RedisUnavailable e) {
      return Double.NaN;
    }
  }

  private double count(OrderStatus status) {
    return redis.await(redis.commands().zcard(Redis.bytes(Keys.allOrders(status))));
  }

  private double memory(String field) {
    var matcher =
        Pattern.compile(field + ":(\\d+)").matcher(redis.await(redis.commands().info("memory")));
    return matcher.find() ? Double.parseDouble(matcher.group(1)) : Double.NaN;
  }

  private double oldestKey() {
    return keysByHour().keySet().stream()
        .min(Long::compare)
        .map(hour -> Duration.between(start(hour), clock.instant()).toMillis() / 1000.0)
        .orElse(0.0);
  }

  /** Counts keys by hour, and deletes the hours whose keys have expired. */
  private Map<Long, Long> keysByHour() {
    byte[] key = Redis.bytes(Keys.IDEMPOTENCY_KEYS);
    var oldest = clock.instant().minus(settings.answerTtl()).minus(HOUR);
    var all =
        redis.await(redis.commands().hgetall(key)).entrySet().stream()
            .collect(Collectors.toMap(e -> number(e.getKey()), e -> number(e.getValue())));
    all.keySet().stream()
        .filter(hour -> start(hour).isBefore(oldest))
        .toList()
        .forEach(hour -> {
          all.remove(hour);
          redis.await(redis.commands().hdel(key, Redis.bytes(Long.toString(hour))));
        });
    return all;
  }

  private static Instant start(long hour) {
    return Instant.ofEpochSecond(hour * HOUR.toSeconds());
  }

  private static long number(byte[] text) {
    return Long.parseLong(new String(text, US_ASCII));
  }
}
