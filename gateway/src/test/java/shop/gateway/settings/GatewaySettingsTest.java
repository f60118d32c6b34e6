package shop.gateway.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Flux;
import shop.balancing.DrainAnswer;
import shop.balancing.Instance;
import shop.balancing.ServiceStatus.InstanceStatus;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;
import shop.common.testkit.Contracts;
import shop.gateway.cache.ResponseCache;
import shop.gateway.cache.TestCache;
import shop.gateway.routing.RoutingSettings;
import shop.gateway.routing.ServiceOverrides;
import shop.gateway.routing.Upstreams;

/** The records of the topic gateway-settings, and what they do. */
class GatewaySettingsTest {

  private static final Instant NOW = Instant.parse("2026-11-21T09:35:00.123Z");
  private static final String INSTANCE = "order-service@10.0.0.7:8080";

  private final Upstreams upstreams = upstreams();
  private final ResponseCache cache = TestCache.of("/products", "/products/lamp", "/other");
  private final GatewaySettings settings =
      new GatewaySettings(upstreams, cache, Clock.fixed(NOW, ZoneOffset.UTC));

  private static Upstreams upstreams() {
    var upstreams = new Upstreams(routing(), (_, _) -> Flux::never);
    upstreams.onDiscovered(
        "order-service",
        List.of(
            Instance.of(INSTANCE, URI.create("http://10.0.0.7:8080")),
            Instance.of("order-service@10.0.0.8:8080", URI.create("http://10.0.0.8:8080"))));
    return upstreams;
  }

  @Test
  void overridesOfAServiceAreInForceUntilTheyEnd() {
    read(Contracts.record(GatewaySettings.SERVICE_OVERRIDDEN));

    var effective = upstreams.settings("order-service").orElseThrow();
    assertThat(effective.algorithm()).isEqualTo("consistent-hash");
    assertThat(effective.hashKey()).isEqualTo("header:X-Tenant");
    assertThat(effective.panicPercent()).isEqualTo(30);
    assertThat(instance().instance().weight()).isEqualTo(3);
    assertThat(settings.of("order-service").orElseThrow().since())
        .isEqualTo("2026-11-21T09:30:00.123Z");

    read("service:order-service", null);

    assertThat(upstreams.settings("order-service").orElseThrow().algorithm()).isEqualTo("p2c");
    assertThat(instance().instance().weight()).isEqualTo(1);
    assertThat(settings.of("order-service")).isEmpty();
  }

  @Test
  void aDrainLastsUntilItEnds() {
    read(Contracts.record(InstanceDrained.TYPE));

    assertThat(instance().drainsFor())
        .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5).plusMillis(1));

    read("drain:" + INSTANCE, null);

    assertThat(instance().drainsFor()).isNull();
  }

  @Test
  void aPurgeRemovesCachedResponses() {
    read(Contracts.record(CachePurged.TYPE));

    assertThat(cache.statistics().entries()).isEqualTo(1);
    assertThat(settings.unreadable()).isZero();
  }

  @Test
  void aDrainThatDidNotReachTheTopicIsUndone() {
    assertThat(upstreams.drain(INSTANCE, Duration.ofMinutes(5))).isEqualTo(DrainAnswer.DRAINING);

    settings.applyDrains();

    assertThat(instance().drainsFor()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"algorithm\":\"fastest\",\"weights\":{}}",
        "{\"hashKey\":\"header:\",\"weights\":{}}",
        "{\"panicPercent\":101,\"weights\":{}}",
        "{\"weights\":{\"order-service@10.0.0.7:8080\":-1}}",
      })
  void theLastReadableValueStaysInForce(String unreadable) {
    read(Contracts.record(GatewaySettings.SERVICE_OVERRIDDEN));

    read("service:order-service", unreadable);

    assertThat(settings.unreadable()).isEqualTo(1);
    assertThat(upstreams.settings("order-service").orElseThrow().algorithm())
        .isEqualTo("consistent-hash");
    assertThat(instance().instance().weight()).isEqualTo(3);

    read(Contracts.record(GatewaySettings.SERVICE_OVERRIDDEN));
    assertThat(settings.unreadable()).isZero();
  }

  @Test
  void anUnreadableDrainLeavesTheOneBeforeIt() {
    read(Contracts.record(InstanceDrained.TYPE));

    read("drain:" + INSTANCE, "{\"deadline\":\"soon\"}");

    assertThat(settings.unreadable()).isEqualTo(1);
    assertThat(instance().drainsFor()).isNotNull();
  }

  @Test
  void settingsOfAServiceThatIsNotConfiguredAreIgnored() {
    read("service:other-service", "{\"weights\":{}}");

    assertThat(settings.of("other-service")).isEmpty();
    assertThat(settings.unreadable()).isZero();
  }

  @Test
  void eventsConformToTheirContracts() {
    var overrides =
        new ServiceOverrides("consistent-hash", "header:X-Tenant", 30, Map.of(INSTANCE, 3));
    var drained = new InstanceDrained(Instant.parse("2026-11-21T09:40:00.123Z"));

    assertThat(Json.MAPPER.readTree(Json.bytes(overrides)))
        .isEqualTo(Contracts.sample(GatewaySettings.SERVICE_OVERRIDDEN).get("data"));
    assertThat(Json.MAPPER.readTree(Json.bytes(drained)))
        .isEqualTo(Contracts.sample(InstanceDrained.TYPE).get("data"));
  }

  @Test
  void aTopicThatCannotBeReadDoesNotKeepTheGatewayFromBeingReady() {
    var follower =
        new TopicFollower(
            "unreachable",
            Map.of("bootstrap.servers", "127.0.0.1:1"),
            List.of(Topics.GATEWAY_SETTINGS),
            settings::read,
            _ -> {});
    var following = new SettingsFollowing(follower, settings, Duration.ofMillis(100));
    assertThat(following.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

    following.start();

    try {
      Awaitility.await().until(() -> following.health().getStatus().equals(Status.UP));
    } finally {
      following.stop();
      follower.stop();
    }
  }

  private InstanceStatus instance() {
    return upstreams.status().get("order-service").instances().instances().getFirst();
  }

  private void read(String key, @Nullable String json) {
    String type =
        key.startsWith("drain:") ? InstanceDrained.TYPE : GatewaySettings.SERVICE_OVERRIDDEN;
    read(
        new ProducerRecord<>(
            Topics.GATEWAY_SETTINGS.name(),
            null,
            null,
            key.getBytes(UTF_8),
            json == null ? null : json.getBytes(UTF_8),
            Envelope.of(type, "gateway", key, NOW).headers()));
  }

  private void read(ProducerRecord<byte[], byte[]> record) {
    settings.read(
        new ConsumerRecord<>(
            record.topic(),
            0,
            0,
            0,
            TimestampType.CREATE_TIME,
            0,
            0,
            record.key(),
            record.value(),
            new RecordHeaders(record.headers()),
            Optional.empty()));
  }

  private static RoutingSettings routing() {
    var source =
        new MapConfigurationPropertySource(
            Map.of(
                "shop.gateway.services.order-service.instances[0]", "http://10.0.0.7:8080",
                "shop.gateway.services.order-service.instances[1]", "http://10.0.0.8:8080"));
    return new Binder(source).bind("shop.gateway", Bindable.of(RoutingSettings.class)).get();
  }
}
