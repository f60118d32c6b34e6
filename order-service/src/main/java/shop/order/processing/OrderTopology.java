package shop.order.processing;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;
import shop.common.kafka.Topic;
import shop.common.kafka.Topics;

/**
 * The topology of the order processor. Commands, payment facts and redriven records of one order
 * are processed by one task, because the three topics have the same keys and partitions.
 */
final class OrderTopology {

  /** Order id → {@link shop.order.OrderState}. */
  static final String STATES = "order-states";

  private static final String SOURCE = "inputs";
  private static final String PROCESSOR = "order";
  private static final List<Topic> SINKS =
      List.of(Topics.ORDERS, Topics.DEAD_LETTERS, Topics.DEAD_LETTER_ACTIONS);

  private OrderTopology() {}

  static Topology build(Clock clock) {
    var topology =
        new Topology()
            .addSource(
                AutoOffsetReset.earliest(),
                SOURCE,
                // A foreign producer may write a negative timestamp, on which Streams would stop.
                (record, _) -> Math.max(0, record.timestamp()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                Topics.ORDER_COMMANDS.name(),
                Topics.PAYMENTS.name(),
                Topics.ORDER_REDRIVE.name())
            .addProcessor(PROCESSOR, () -> new OrderProcessor(clock), SOURCE)
            .addStateStore(
                Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(STATES), Serdes.String(), Serdes.ByteArray())
                    .withLoggingEnabled(Map.of()),
                PROCESSOR);
    for (var sink : SINKS) {
      topology.addSink(
          sink.name(),
          sink.name(),
          new ByteArraySerializer(),
          new ByteArraySerializer(),
          PROCESSOR);
    }
    return topology;
  }
}
