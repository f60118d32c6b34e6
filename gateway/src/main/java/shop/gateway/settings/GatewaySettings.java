package shop.gateway.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.gateway.cache.ResponseCache;
import shop.gateway.routing.ServiceOverrides;
import shop.gateway.routing.Upstreams;

/**
 * What the topic gateway-settings says, in memory and in force. The last record of a key counts; of
 * an unreadable one nothing does, and the value before it stays in force.
 */
@Component
public final class GatewaySettings {

  /** The event that replaces all overrides of a service; a record without a value ends them. */
  static final String SERVICE_OVERRIDDEN = "shop.gateway.service-overridden.v1";

  static final String SERVICE = "service:";
  static final String DRAIN = "drain:";
  static final String CACHE_PURGE = "cache-purge";

  private static final Logger log = LoggerFactory.getLogger(GatewaySettings.class);
  private static final Duration LONGEST_DRAIN = Duration.ofDays(1);
  private static final int MAX_UNREADABLE = 1000;

  /**
   * What an admin has changed of a service.
   *
   * @param since when it was changed
   */
  public record Overridden(ServiceOverrides overrides, Instant since) {}

  private final Map<String, Overridden> overridden = new ConcurrentHashMap<>();
  private final Map<String, Instant> drains = new ConcurrentHashMap<>();
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
  private final Upstreams upstreams;
  private final ResponseCache cache;
  private final Clock clock;
  private volatile boolean failed;

  GatewaySettings(Upstreams upstreams, ResponseCache cache, Clock clock) {
    this.upstreams = upstreams;
    this.cache = cache;
    this.clock = clock;
  }

  /** What an admin has changed of a service; empty if it is as the configuration says. */
  public Optional<Overridden> of(String service) {
    return Optional.ofNullable(overridden.get(service));
  }

  /** The deadlines of all drains, by instance id. */
  Map<String, Instant> drains() {
    return Map.copyOf(drains);
  }

  /** How many services have settings that an admin has changed. */
  int overriddenServices() {
    return overridden.size();
  }

  /** How many keys have an unreadable last record. */
  int unreadable() {
    return unreadable.size();
  }

  /** True if the last record of a key is unreadable, so that it must be written again. */
  boolean isUnreadable(String key) {
    return unreadable.contains(key);
  }

  /** True if the topic is not read any more. */
  boolean hasFailed() {
    return failed;
  }

  void failed() {
    failed = true;
  }

  /** Called on the follower's thread only. */
  void read(ConsumerRecord<byte[], byte[]> record) {
    String key = record.key() == null ? "" : new String(record.key(), UTF_8);
    try {
      apply(key, record);
      unreadable.remove(key);
    } catch (RuntimeException e) {
      if (unreadable.size() < MAX_UNREADABLE) {
        unreadable.add(key);
      }
      log.error(
          "Record {} of partition {} of gateway-settings, key '{}', is unreadable; the previous value stays in force. Set it again through /admin/gateway",
          record.offset(),
          record.partition(),
          key,
          e);
    }
  }

  private void apply(String key, ConsumerRecord<byte[], byte[]> record) {
    if (key.startsWith(SERVICE)) {
      override(key.substring(SERVICE.length()), record);
    } else if (key.startsWith(DRAIN)) {
      drain(key.substring(DRAIN.length()), record);
    } else if (key.equals(CACHE_PURGE)) {
      purge(record);
    } else {
      log.info("Ignoring a setting of another version of the gateway, key '{}'", key);
    }
  }

  private void override(String service, ConsumerRecord<byte[], byte[]> record) {
    if (upstreams.settings(service).isEmpty()) {
      log.info("Ignoring settings of {}: the service is not configured", service);
    } else if (record.value() == null) {
      upstreams.override(service, ServiceOverrides.NONE);
      overridden.remove(service);
      log.info("{} is balanced as application.yml says", service);
    } else {
      var envelope = envelope(record, SERVICE_OVERRIDDEN);
      var overrides = Json.read(record.value(), ServiceOverrides.class);
      var violations = overrides.violations();
      if (!violations.isEmpty()) {
        throw new MalformedEvent("Not valid: " + violations);
      }
      upstreams.override(service, overrides);
      overridden.put(service, new Overridden(overrides, envelope.time()));
      log.info("{} is balanced with {}", service, overrides);
    }
  }

  private void drain(String instance, ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      drains.remove(instance);
      log.info("{} does not drain", instance);
    } else {
      var _ = envelope(record, InstanceDrained.TYPE);
      var deadline = Json.read(record.value(), InstanceDrained.class).deadline();
      drains.put(instance, deadline);
      log.info("{} drains; clients that are bound to it may use it until {}", instance, deadline);
    }
    applyDrains();
  }

  private void purge(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() != null) {
      var _ = envelope(record, CachePurged.TYPE);
      var path = Json.read(record.value(), CachePurged.class).path();
      cache.purge(path);
      log.info("Cached responses of {} are removed", path);
    }
  }

  private static Envelope envelope(ConsumerRecord<byte[], byte[]> record, String type) {
    var envelope = Envelope.of(record.headers());
    if (!envelope.type().equals(type)) {
      throw new MalformedEvent("The type is " + envelope.type() + ", not " + type);
    }
    return envelope;
  }

  /** Puts the drains of the topic in force, and no others. */
  synchronized void applyDrains() {
    var now = clock.instant();
    var times = new HashMap<String, Duration>();
    drains.forEach((id, deadline) -> times.put(id, time(now, deadline)));
    upstreams.drains(times);
  }

  private static Duration time(Instant now, Instant deadline) {
    var time = Duration.between(now, deadline);
    if (time.isNegative()) {
      return Duration.ZERO;
    }
    return time.compareTo(LONGEST_DRAIN) > 0 ? LONGEST_DRAIN : time;
  }
}
