package shop.gateway.sessions;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.stereotype.Component;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.json.MalformedJson;
import shop.common.kafka.Topics;

/** The sessions that are over, in memory, for as long as the topic keeps them. */
@Component
final class Revocations {

  private static final Duration KEPT =
      Duration.ofMillis(
          Long.parseLong(
              requireNonNull(Topics.REVOCATIONS.settings().get(TopicConfig.RETENTION_MS_CONFIG))));
  private static final Duration BETWEEN_CLEANINGS = Duration.ofMinutes(10);

  private final Map<String, Instant> revoked = new ConcurrentHashMap<>();
  private final DeadLetterPublisher deadLetters;
  private final Clock clock;
  private Instant cleaned = Instant.MIN;

  Revocations(DeadLetterPublisher deadLetters, Clock clock) {
    this.deadLetters = deadLetters;
    this.clock = clock;
  }

  boolean contains(String sessionId) {
    return revoked.containsKey(sessionId);
  }

  void add(SessionRevoked revocation) {
    revoked.put(revocation.sessionId(), revocation.until());
  }

  /** On the follower's thread alone. */
  void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (Envelope.of(record.headers()).type().equals(SessionRevoked.TYPE)) {
        add(Json.read(record.value(), SessionRevoked.class));
        forgetOld();
      }
    } catch (MalformedEvent | MalformedJson e) {
      deadLetters.sendToDeadLetters("gateway", record, e, 1);
    }
  }

  private void forgetOld() {
    Instant now = clock.instant();
    if (now.minus(BETWEEN_CLEANINGS).isAfter(cleaned)) {
      cleaned = now;
      revoked.values().removeIf(until -> until.isBefore(now.minus(KEPT)));
    }
  }
}
