package shop.gateway.sessions;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;

/**
 * Tells how long ago everything was known that the topic of revocations held: asks the brokers
 * where it ends and waits until the follower is there. An empty poll alone proves nothing.
 */
@Component
final class RevocationsPulse implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(RevocationsPulse.class);
  private static final Map<TopicPartition, OffsetSpec> ENDS =
      IntStream.range(0, Topics.REVOCATIONS.partitions())
          .mapToObj(number -> new TopicPartition(Topics.REVOCATIONS.name(), number))
          .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));

  private final KafkaProperties kafka;
  private final TopicFollower revocationsFollower;
  private final SessionSettings settings;
  private volatile boolean known;
  private volatile long knownAt;
  private @Nullable Thread thread;

  RevocationsPulse(
      KafkaProperties kafka, TopicFollower revocationsFollower, SessionSettings settings) {
    this.kafka = kafka;
    this.revocationsFollower = revocationsFollower;
    this.settings = settings;
  }

  /** False before the end was reached first, and when it has not been for too long. */
  boolean current() {
    return known && System.nanoTime() - knownAt < settings.staleAfter().toNanos();
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("revocations-pulse").start(this::run);
  }

  private void run() {
    try (var admin = Admin.create(kafka.buildAdminProperties())) {
      revocationsFollower.awaitCaughtUp();
      boolean lost = false;
      while (!Thread.currentThread().isInterrupted()) {
        boolean reached = beat(admin);
        if (reached == lost) {
          log.warn(
              reached
                  ? "The end of the revocations is known again"
                  : "The end of the revocations cannot be reached; Redis is asked about sessions");
          lost = !reached;
        }
        TimeUnit.NANOSECONDS.sleep(settings.pulse().toNanos());
      }
    } catch (InterruptedException e) {
      log.debug("The pulse was stopped", e);
    }
  }

  private boolean beat(Admin admin) throws InterruptedException {
    long asked = System.nanoTime();
    try {
      var ends =
          admin.listOffsets(ENDS).all().get(settings.staleAfter().toNanos(), TimeUnit.NANOSECONDS);
      if (!isReached(ends)) {
        return false;
      }
      knownAt = asked;
      known = true;
      return true;
    } catch (ExecutionException | TimeoutException e) {
      log.debug("The brokers do not say where the revocations end", e);
      return false;
    }
  }

  private boolean isReached(Map<TopicPartition, ListOffsetsResultInfo> ends)
      throws InterruptedException {
    long deadline = System.nanoTime() + settings.staleAfter().toNanos();
    for (var end : ends.entrySet()) {
      var left = Duration.ofNanos(deadline - System.nanoTime());
      if (!revocationsFollower.awaitRead(
          end.getKey(), requireNonNull(end.getValue()).offset() - 1, left)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void stop() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  /** After the follower. */
  @Override
  public int getPhase() {
    return 1;
  }
}
