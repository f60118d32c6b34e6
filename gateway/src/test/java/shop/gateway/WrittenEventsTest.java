package shop.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static shop.gateway.Gateway.bearer;
import static shop.gateway.Gateway.json;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topic;
import shop.common.kafka.Topics;
import shop.common.security.AccessTokens;
import shop.common.testkit.Contracts;
import shop.common.testkit.TopicReader;
import shop.local.broker.Brokers;

/** The records that the gateway appends to its topics. */
@Tag("slow")
class WrittenEventsTest {

  private final Gateway gateway = Shared.gateway();

  @Test
  void registrationIsWrittenInTheTraceOfItsRequest() {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    String email = Gateway.anyAddress();

    var response =
        gateway.post(
            "/auth/register",
            Gateway.credentials(email, Gateway.PASSWORD),
            "traceparent",
            "00-" + trace + "-b7ad6b7169203331-01");

    var record = only(Topics.ACCOUNTS, json(response).get("id").asString());
    var envelope = Envelope.of(record.headers());
    assertThat(envelope.type()).isEqualTo("shop.account.registered.v1");
    assertThat(envelope.source()).isEqualTo("gateway");
    assertThat(envelope.trace().traceId()).isEqualTo(trace);
    var data = Json.MAPPER.readTree(record.value());
    assertThat(data.propertyNames())
        .isEqualTo(Contracts.sample(envelope.type()).get("data").propertyNames());
    assertThat(data.get("email").asString()).isEqualTo(email);
    assertThat(data.get("passwordHash").asString()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
  }

  @Test
  void logoutIsWritten() {
    var tokens = gateway.loginNewAccount();
    gateway.post("/auth/logout", "", bearer(tokens));

    var caller = gateway.bean(AccessTokens.class).verify(tokens.get("access_token").asString());
    var data = Json.MAPPER.readTree(only(Topics.REVOCATIONS, caller.sessionId()).value());
    assertThat(data.get("accountId").asString()).isEqualTo(caller.id().toString());
    assertThat(data.get("reason").asString()).isEqualTo("logout");
  }

  @Test
  void malformedRecordIsDeadLetteredAndReadingContinues() {
    awaitDeadLetter(
        append(new ProducerRecord<>("accounts", 3, "poison".getBytes(UTF_8), "{".getBytes(UTF_8))));

    assertThat(gateway.register(Gateway.anyAddress()).statusCode()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource({
    "accounts, shop.account.registered.v1",
    "revocations, shop.session.revoked.v1",
  })
  void eventWithoutDataIsDeadLetteredAndReadingContinues(String topic, String type) {
    var event = Envelope.of(type, "gateway", UUID.randomUUID().toString(), Instant.now());

    awaitDeadLetter(
        append(new ProducerRecord<>(topic, 3, null, event.key(), null, event.headers())));

    assertThat(gateway.register(Gateway.anyAddress()).statusCode()).isEqualTo(201);
  }

  /** Appends a record and returns its position. */
  private static RecordMetadata append(ProducerRecord<byte[], byte[]> record) {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", Brokers.kafka()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      return producer.send(record).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitDeadLetter(RecordMetadata original) {
    String id =
        "gateway:%s:%d:%d".formatted(original.topic(), original.partition(), original.offset());
    Awaitility.await()
        .untilAsserted(() ->
            assertThat(TopicReader.all(Topics.DEAD_LETTERS))
                .extracting(record -> new String(record.key(), UTF_8))
                .contains(id));
  }

  private static ConsumerRecord<byte[], byte[]> only(Topic topic, String key) {
    var found =
        TopicReader.all(topic).stream()
            .filter(record -> new String(record.key(), UTF_8).equals(key))
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}
