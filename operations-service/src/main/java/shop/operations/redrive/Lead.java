package shop.operations.redrive;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decisions of a bulk retry that the redriver has not sent yet, a quarter of a second's worth
 * at most: after a stall not much is sent at once, and what others decide meanwhile waits no
 * longer. For one thread.
 */
final class Lead {

  private static final Logger log = LoggerFactory.getLogger(Lead.class);
  private static final int PER_SECOND = 4;

  private final int most;
  private final List<CompletableFuture<RecordMetadata>> decisions = new ArrayList<>();

  Lead(int ratePerSecond) {
    this.most = 1 + ratePerSecond / PER_SECOND;
  }

  boolean isFull() {
    return decisions.size() >= most;
  }

  /** Takes in a decision that is being appended. */
  void add(CompletableFuture<RecordMetadata> decision) {
    decisions.add(decision);
  }

  /** Lets go what was sent, up to the redriver's positions, and what will never be. */
  void sent(Map<TopicPartition, Long> positions) {
    decisions.removeIf(decision ->
        decision.isDone()
            && (decision.isCompletedExceptionally() || isBefore(decision.join(), positions)));
  }

  private static boolean isBefore(RecordMetadata decision, Map<TopicPartition, Long> positions) {
    var partition = new TopicPartition(decision.topic(), decision.partition());
    return decision.offset() < positions.getOrDefault(partition, 0L);
  }

  /** Waits until Kafka has acknowledged or refused everything. */
  void awaitAcknowledged() throws InterruptedException {
    try {
      CompletableFuture.allOf(decisions.toArray(CompletableFuture<?>[]::new)).get();
    } catch (ExecutionException e) {
      log.debug("Not every decision was acknowledged", e);
    }
  }
}
