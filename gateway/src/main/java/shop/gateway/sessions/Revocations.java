package shop.gateway.sessions;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topics;

/** The revoked sessions, in memory, for the retention time of the topic revocations. */
@Component
final class Revocations {

  private static final Duration RETENTION = Topics.REVOCATIONS.retention();
  private static final Duration CLEANUP_INTERVAL = Duration.ofMinutes(10);

  private final Map<String, Instant> revoked = new ConcurrentHashMap<>();
  private final Map<String, Set<MonoSink<Void>>> waiting = new ConcurrentHashMap<>();
  private final DeadLetterPublisher deadLetters;
  private final Clock clock;
  private Instant lastCleanup = Instant.MIN;

  Revocations(DeadLetterPublisher deadLetters, Clock clock) {
    this.deadLetters = deadLetters;
    this.clock = clock;
  }

  boolean contains(String sessionId) {
    return revoked.containsKey(sessionId);
  }

  void add(SessionRevoked revocation) {
    revoked.put(revocation.sessionId(), revocation.until());
    waiting.getOrDefault(revocation.sessionId(), Set.of()).forEach(MonoSink::success);
  }

  /** Completes when the session is revoked; never, if it is not. */
  Mono<Void> of(String sessionId) {
    return Mono.create(sink -> {
      waiting.compute(
          sessionId,
          (_, present) -> {
            Set<MonoSink<Void>> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(sink);
            return all;
          });
      sink.onDispose(() -> forget(sessionId, sink));
      if (contains(sessionId)) {
        sink.success();
      }
    });
  }

  private void forget(String sessionId, MonoSink<Void> sink) {
    waiting.computeIfPresent(
        sessionId,
        (_, present) -> {
          present.remove(sink);
          return present.isEmpty() ? null : present;
        });
  }

  /** Called on the follower's thread only. */
  void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (Envelope.of(record.headers()).type().equals(SessionRevoked.TYPE)) {
        add(Json.read(record.value(), SessionRevoked.class));
        removeExpired();
      }
    } catch (RuntimeException e) {
      deadLetters.sendToDeadLetters("gateway", record, e, 1);
    }
  }

  private void removeExpired() {
    Instant now = clock.instant();
    if (now.minus(CLEANUP_INTERVAL).isAfter(lastCleanup)) {
      lastCleanup = now;
      revoked.values().removeIf(until -> until.isBefore(now.minus(RETENTION)));
    }
  }
}
