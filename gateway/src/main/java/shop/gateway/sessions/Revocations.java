package shop.gateway.sessions;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.event.Envelope;
import shop.common.json.Json;

/**
 * The sessions that were revoked of late, in memory: as long as access tokens of them may be valid.
 */
@Component
final class Revocations {

  /** Longer than an access token is valid (at most 15 min) and clocks differ. */
  private static final Duration RETENTION = Duration.ofHours(1);

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
    complete(revocation.sessionId());
  }

  /** The sessions whose revocation somebody waits for, such as an event stream. */
  Set<String> awaited() {
    return Set.copyOf(waiting.keySet());
  }

  /** Ends what waits for the revocation of a session. */
  void complete(String sessionId) {
    waiting.getOrDefault(sessionId, Set.of()).forEach(MonoSink::success);
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

  /** Seeks the first revocation that matters for access tokens that are still valid. */
  void seek(Consumer<byte[], byte[]> reader, Collection<TopicPartition> partitions) {
    long begin = clock.instant().minus(RETENTION).toEpochMilli();
    var found = reader.offsetsForTimes(partitions.stream().collect(toMap(identity(), _ -> begin)));
    for (var partition : partitions) {
      @Nullable OffsetAndTimestamp first = found.get(partition);
      if (first == null) {
        reader.seekToEnd(List.of(partition));
      } else {
        reader.seek(partition, first.offset());
      }
    }
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
