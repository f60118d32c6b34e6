package shop.order.projection;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.deadletter.Redrive;
import shop.order.ConsumerGroups;
import shop.order.OrderTimings;
import shop.order.PlaceOrder;
import shop.order.archive.ArchiveUnavailable;
import shop.order.changes.LogRecords;
import shop.order.redis.RedisUnavailable;
import shop.order.store.ApplyResult;
import shop.order.store.PartitionBatch;
import shop.order.store.Positions;

/**
 * Applies the log to Redis: events of orders to the view, adjustments to the stock. The records
 * that one poll returns of a partition become one batch; Redis applies a batch only if it holds
 * everything before it.
 */
@Component
class OrderProjector {

  private final Positions positions;
  private final DeadLetterPublisher deadLetters;
  private final ReportedOutcomes reported;
  private final OrderTimings settings;
  private final Clock clock;
  private final LogRecords logRecords;

  /** Partitions with an event that cannot be applied yet; their records are applied one by one. */
  private final Set<TopicPartition> blocked = new HashSet<>();

  OrderProjector(
      Positions positions,
      DeadLetterPublisher deadLetters,
      ReportedOutcomes reported,
      RedrivenAdjustments redriven,
      OrderTimings settings,
      Clock clock) {
    this.positions = positions;
    this.deadLetters = deadLetters;
    this.reported = reported;
    this.settings = settings;
    this.clock = clock;
    this.logRecords = new LogRecords(this::responseExpiry, redriven::hasCounted);
  }

  /**
   * Sends the changes that records make, one batch for each partition.
   *
   * @param nextOffsets the next offset to send of each partition; advanced past all of the records,
   *     including those after an event that cannot be applied, so that none of them is mistaken for
   *     a transaction marker. Of records before it, which were applied earlier, only the outcomes
   *     are reported
   */
  SentBatches send(ConsumerRecords<byte[], byte[]> records, Map<TopicPartition, Long> nextOffsets) {
    List<SentBatch> batches = new ArrayList<>();
    for (var partition : records.partitions()) {
      var ofPartition = records.records(partition);
      long begin = nextOffsets.getOrDefault(partition, 0L);
      if (blocked.contains(partition)) {
        batches.addAll(sendOneByOne(partition, begin, ofPartition));
      } else {
        batches.add(send(partition, begin, ofPartition));
      }
      nextOffsets.put(partition, Math.max(begin, ofPartition.getLast().offset() + 1));
    }
    positions.flush();
    return new SentBatches(batches);
  }

  private SentBatch send(
      TopicPartition partition, long begin, List<ConsumerRecord<byte[], byte[]>> records) {
    var batch = positions.batchFrom(partition, begin);
    var appliedBefore = positions.batchFrom(partition, begin);
    List<Headers> redriven = new ArrayList<>();
    for (var record : records) {
      boolean isNew = record.offset() >= begin;
      if (addOrDeadLetter(record, isNew ? batch : appliedBefore)
          && Redrive.of(record.headers()).isPresent()
          && !reported.contains(partition, record.offset())) {
        redriven.add(record.headers());
      }
      if (isNew) {
        batch.extendTo(record.offset() + 1);
      }
    }
    return new SentBatch(partition, batch, batch.apply(), redriven);
  }

  /** Sends records up to the first one that cannot be applied. */
  private List<SentBatch> sendOneByOne(
      TopicPartition partition, long begin, List<ConsumerRecord<byte[], byte[]>> records) {
    List<SentBatch> batches = new ArrayList<>();
    long next = begin;
    for (var record : records) {
      var sent = send(partition, next, List.of(record));
      batches.add(sent);
      positions.flush();
      if (!sent.result().join().isApplied()) {
        break;
      }
      next = sent.batch().end();
    }
    return batches;
  }

  /** The batches of one poll, which Redis is applying. */
  final class SentBatches {
    private final List<SentBatch> batches;

    private SentBatches(List<SentBatch> batches) {
      this.batches = batches;
    }

    /**
     * Waits until all batches are applied.
     *
     * @throws PositionMismatch if Redis is not at the offset where a batch begins, or an event is
     *     missing; the caller reads again from the positions in Redis
     * @throws RuntimeException if Redis or Kafka failed; the caller does the same
     */
    void await() {
      try {
        awaitAndReport();
      } catch (PositionMismatch e) {
        throw e;
      } catch (RuntimeException e) {
        reported.markIncomplete();
        throw e;
      }
    }

    private void awaitAndReport() {
      @Nullable PositionMismatch mismatch = null;
      for (var sent : batches) {
        var result = sent.result().join();
        if (result.isApplied()) {
          blocked.remove(sent.partition());
          deadLetters.reportResolved(sent.redriven());
          reported.advance(sent.partition(), sent.batch().end());
          continue;
        }
        reported.markIncomplete(sent.partition());
        if (result == ApplyResult.GAP) {
          blocked.add(sent.partition());
          mismatch =
              new PositionMismatch(
                  "An earlier event of an order in " + sent.batch() + " is missing", true);
        } else if (result == ApplyResult.NOT_LOADED) {
          mismatch = new PositionMismatch("Redis was emptied", false);
        } else if (mismatch == null) {
          mismatch =
              new PositionMismatch(
                  "The position in Redis is not the begin of " + sent.batch(), false);
        }
      }
      if (mismatch != null) {
        throw mismatch;
      }
    }
  }

  /** Adds a record to a batch; false if it belongs to another group, or became a dead letter. */
  private boolean addOrDeadLetter(ConsumerRecord<byte[], byte[]> record, PartitionBatch batch) {
    if (Redrive.isForOtherGroup(record.headers(), ConsumerGroups.ORDER_VIEW)) {
      return false;
    }
    try {
      logRecords.addTo(batch.changes(), record);
      return true;
    } catch (RedisUnavailable | ArchiveUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      deadLetters.sendToDeadLetters(ConsumerGroups.ORDER_VIEW, record, e, 1);
      return false;
    }
  }

  /** Until when the response to an order is stored; null if it has expired. */
  private @Nullable Instant responseExpiry(PlaceOrder placed) {
    var until = placed.createdAt().plus(settings.answerTtl());
    return until.isAfter(clock.instant()) ? until : null;
  }

  /**
   * A batch that Redis is applying.
   *
   * @param redriven the headers of its records that an admin has redriven
   */
  private record SentBatch(
      TopicPartition partition,
      PartitionBatch batch,
      CompletableFuture<ApplyResult> result,
      List<Headers> redriven) {}

  /** Redis is not at the position that the consumer expected, or the log lacks an event. */
  static final class PositionMismatch extends RuntimeException {
    private final boolean needsOperator;

    PositionMismatch(String message, boolean needsOperator) {
      super(message);
      this.needsOperator = needsOperator;
    }

    /** True if reading again will fail again until an operator has acted. */
    boolean needsOperator() {
      return needsOperator;
    }
  }
}
