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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.json.MalformedJson;
import shop.common.kafka.Topics;
import shop.order.CommandAnswer;
import shop.order.ConsumerGroups;
import shop.order.Deadline;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderTimings;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;
import shop.order.TimelineEntry;
import shop.order.catalog.StockAdjusted;
import shop.order.store.ApplyResult;
import shop.order.store.PartitionBatch;
import shop.order.store.Positions;

/**
 * Applies what the log tells to Redis: events of orders to the view, adjustments to the stock. What
 * was read of a partition goes as one stretch; Redis takes each only on the one before it.
 */
@Component
class OrderProjector {

  private static final Logger log = LoggerFactory.getLogger(OrderProjector.class);

  private final Positions positions;
  private final DeadLetterPublisher deadLetters;
  private final OrderTimings settings;
  private final Clock clock;

  /** Where an event could not be applied, until it is past: there records go one by one. */
  private final Set<TopicPartition> stuck = new HashSet<>();

  OrderProjector(
      Positions positions, DeadLetterPublisher deadLetters, OrderTimings settings, Clock clock) {
    this.positions = positions;
    this.deadLetters = deadLetters;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Sends what records change, partition by partition.
   *
   * @param at up to where each partition was taken; from then on all of the records count as taken,
   *     also those behind an event that is refused, so that none of them passes for a mark
   */
  Sent send(ConsumerRecords<byte[], byte[]> records, Map<TopicPartition, Long> at) {
    List<Step> steps = new ArrayList<>();
    for (var partition : records.partitions()) {
      var batch = records.records(partition);
      long begin = at.getOrDefault(partition, 0L);
      if (stuck.contains(partition)) {
        steps.addAll(oneByOne(partition, begin, batch));
      } else {
        steps.add(step(partition, begin, batch));
      }
      at.put(partition, batch.getLast().offset() + 1);
    }
    positions.flush();
    return new Sent(steps);
  }

  private Step step(
      TopicPartition partition, long begin, List<ConsumerRecord<byte[], byte[]>> records) {
    var stretch = positions.from(partition, begin);
    List<Headers> redriven = new ArrayList<>();
    for (var record : records) {
      if (isTaken(record, stretch) && Redrive.of(record.headers()).isPresent()) {
        redriven.add(record.headers());
      }
      stretch.reach(record.offset() + 1);
    }
    return new Step(partition, stretch, stretch.apply(), redriven);
  }

  /** All before the event that cannot be applied; what is behind it is not even looked at. */
  private List<Step> oneByOne(
      TopicPartition partition, long begin, List<ConsumerRecord<byte[], byte[]>> records) {
    List<Step> steps = new ArrayList<>();
    long next = begin;
    for (var record : records) {
      var step = step(partition, next, List.of(record));
      steps.add(step);
      positions.flush();
      if (!step.outcome().join().isDone()) {
        break;
      }
      next = step.stretch().end();
    }
    return steps;
  }

  /** Changes that are under way to Redis. */
  final class Sent {
    private final List<Step> steps;

    private Sent(List<Step> steps) {
      this.steps = steps;
    }

    /**
     * Waits until all are applied.
     *
     * @throws OutOfStep if Redis is not where one of them begins, or an event is missing: they are
     *     to be read again from where Redis is
     * @throws RuntimeException if Redis or Kafka failed; the same
     */
    void await() {
      @Nullable OutOfStep refused = null;
      for (var step : steps) {
        var applied = step.outcome().join();
        if (applied.isDone()) {
          stuck.remove(step.partition());
          step.redriven().forEach(deadLetters::reportResolved);
        } else if (applied == ApplyResult.GAP) {
          stuck.add(step.partition());
          refused = new OutOfStep(step.stretch() + " lacks an event before it", true);
        } else if (refused == null) {
          refused = new OutOfStep("Redis is elsewhere than " + step.stretch(), false);
        }
      }
      if (refused != null) {
        throw refused;
      }
    }
  }

  /** False if a record is another's, or given up. */
  private boolean isTaken(ConsumerRecord<byte[], byte[]> record, PartitionBatch stretch) {
    if (Redrive.isForOtherGroup(record.headers(), ConsumerGroups.ORDER_VIEW)) {
      return false;
    }
    try {
      take(record, stretch);
      return true;
    } catch (MalformedEvent | MalformedJson | IllegalArgumentException e) {
      deadLetters.sendToDeadLetters(ConsumerGroups.ORDER_VIEW, record, e, 1);
      return false;
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record, PartitionBatch stretch) {
    var envelope = Envelope.of(record.headers());
    if (record.value() == null) {
      throw new MalformedEvent("The record has no data");
    }
    if (envelope.type().equals(CommandAnswer.TYPE)) {
      return;
    }
    if (Redrive.origin(record.headers(), record.topic()).equals(Topics.CATALOG.name())) {
      takeOfCatalog(envelope, record, stretch);
    } else {
      takeOfOrder(envelope, record.value(), stretch);
    }
  }

  private void takeOfOrder(Envelope envelope, byte[] data, PartitionBatch stretch) {
    var event = OrderEvent.read(envelope.type(), data);
    var id = OrderId.parse(envelope.subject());
    var entry = TimelineEntry.of(envelope, event);
    if ((entry.sequence() == 1) != event instanceof OrderEvent.Placed) {
      throw new MalformedEvent("Event 1 of an order places it, and no other does");
    }
    log.debug("Applying {} {} of order {}", entry.sequence(), envelope.type(), id);
    if (event instanceof OrderEvent.Placed(var placed)) {
      stretch.place(id, new SerializedOrder(placed, data), entry, keptUntil(placed));
    } else {
      stretch.advance(id, event, entry);
    }
  }

  /** Until when the answer of an order is kept; null if that is over. */
  private @Nullable Instant keptUntil(PlaceOrder placed) {
    var until = placed.createdAt().plus(settings.answerLife());
    return until.isAfter(clock.instant()) ? until : null;
  }

  private static void takeOfCatalog(
      Envelope envelope, ConsumerRecord<byte[], byte[]> record, PartitionBatch stretch) {
    if (envelope.type().equals(StockAdjusted.TYPE) && !isLate(record)) {
      var adjusted = Json.read(record.value(), StockAdjusted.class);
      stretch.adjust(envelope.id(), adjusted.sku(), adjusted.delta());
    }
  }

  /** A redriven adjustment was in time once. */
  private static boolean isLate(ConsumerRecord<byte[], byte[]> record) {
    return Redrive.of(record.headers()).isEmpty()
        && Deadline.of(record.headers())
            .filter(deadline -> deadline.isMissed(record.timestamp()))
            .isPresent();
  }

  /**
   * A stretch whose changes are under way.
   *
   * @param redriven the headers of those records that an admin has sent back
   */
  private record Step(
      TopicPartition partition,
      PartitionBatch stretch,
      CompletableFuture<ApplyResult> outcome,
      List<Headers> redriven) {}

  /** Redis is not where this reader believed it to be, or the log lacks an event. */
  static final class OutOfStep extends RuntimeException {
    private final boolean lasting;

    OutOfStep(String message, boolean lasting) {
      super(message);
      this.lasting = lasting;
    }

    /** True if reading again will not help, until somebody has looked. */
    boolean isLasting() {
      return lasting;
    }
  }
}
