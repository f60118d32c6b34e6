package shop.gateway.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.common.problem.Problem;
import shop.gateway.routing.ServiceOverrides;
import shop.gateway.routing.Upstreams;

/** The changes that admins make. All methods block, and throw 503 if Kafka is unavailable. */
@Component
public final class SettingsChanges {

  private final GatewaySettings settings;
  private final SettingsLog settingsLog;
  private final Upstreams upstreams;
  private final Clock clock;

  SettingsChanges(
      GatewaySettings settings, SettingsLog settingsLog, Upstreams upstreams, Clock clock) {
    this.settings = settings;
    this.settingsLog = settingsLog;
    this.upstreams = upstreams;
    this.clock = clock;
  }

  /**
   * Replaces all overrides of a service. Does nothing if they are in force already, so that a
   * request whose response was lost can be repeated.
   *
   * @param precondition called when no other change can come between; may throw
   */
  public void override(String service, ServiceOverrides next, Runnable precondition) {
    settingsLog.change(() -> {
      var current =
          settings
              .of(service)
              .map(GatewaySettings.Overridden::overrides)
              .orElse(ServiceOverrides.NONE);
      String key = GatewaySettings.SERVICE + service;
      if (current.equals(next) && !settings.isUnreadable(key)) {
        return null;
      }
      precondition.run();
      return next.equals(ServiceOverrides.NONE)
          ? tombstone(key)
          : record(GatewaySettings.SERVICE_OVERRIDDEN, key, next);
    });
  }

  /**
   * Drains an instance, or sets another deadline.
   *
   * @param time until the deadline
   * @return the deadline
   * @throws Problem 404 if discovery lists no such instance, 409 if no other one would get the
   *     requests
   */
  public Instant drain(String instance, Duration time) {
    var deadline = now().plus(time);
    try {
      settingsLog.change(() ->
          switch (upstreams.drain(instance, time)) {
            case UNKNOWN_INSTANCE -> throw unknownInstance();
            case LAST_AVAILABLE -> throw lastAvailable(instance);
            case DRAINING ->
                record(
                    InstanceDrained.TYPE,
                    GatewaySettings.DRAIN + instance,
                    new InstanceDrained(deadline));
          });
      return deadline;
    } catch (RuntimeException e) {
      settings.applyDrains();
      throw e;
    }
  }

  /**
   * Ends a drain; nothing if the instance does not drain.
   *
   * @throws Problem 404 if neither discovery nor a drain knows the instance
   */
  public void endDrain(String instance) {
    settingsLog.change(() -> {
      String key = GatewaySettings.DRAIN + instance;
      if (settings.drains().containsKey(instance) || settings.isUnreadable(key)) {
        return tombstone(key);
      }
      if (!upstreams.instanceIds().contains(instance)) {
        throw unknownInstance();
      }
      return null;
    });
  }

  /**
   * Removes cached responses from all gateways.
   *
   * @param path a path, or with {@code /**} at its end everything below it as well
   */
  public void purgeCache(String path) {
    settingsLog.change(
        () -> record(CachePurged.TYPE, GatewaySettings.CACHE_PURGE, new CachePurged(path)));
  }

  private ProducerRecord<byte[], byte[]> record(String type, String key, Object data) {
    return Envelope.of(type, "gateway", key, now()).record(Topics.GATEWAY_SETTINGS.name(), data);
  }

  private static ProducerRecord<byte[], byte[]> tombstone(String key) {
    return new ProducerRecord<>(Topics.GATEWAY_SETTINGS.name(), key.getBytes(UTF_8), null);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static Problem unknownInstance() {
    return Problem.notFound("There is no such instance; GET /admin/gateway/status lists all");
  }

  private static Problem lastAvailable(String instance) {
    return Problem.of(HttpStatus.CONFLICT, "last-available", "Last available instance")
        .detail(
            "No other instance would get the requests of %s. Start one, or wait until another one is healthy"
                .formatted(instance));
  }
}
