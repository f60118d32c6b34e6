package shop.analytics.counting;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import shop.analytics.Figures;
import shop.common.json.Json;
import shop.common.kafka.Topics;

/**
 * The topology: {@code orders} → increments by bucket → sums by bucket → {@code figures}. State
 * stores are on disk, because the sums of all minutes grow for ever; they are restored from their
 * changelogs if the disk is empty.
 */
final class CountingTopology {

  static final String SUMS = "sums";

  private static final Serde<Figures> FIGURES =
      Serdes.serdeFrom(
          (_, figures) -> figures == null ? null : Json.bytes(figures),
          (_, bytes) -> bytes == null ? null : Json.read(bytes, Figures.class));

  private CountingTopology() {}

  static Topology with(Clock clock) {
    var builder = new StreamsBuilder();
    KStream<String, ProcessorOutput> outputs =
        builder.stream(
                List.of(Topics.ORDERS.name(), Topics.ANALYTICS_REDRIVE.name()),
                Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                    // A malformed record may have a negative timestamp; the figures use the time of
                    // the event.
                    .withTimestampExtractor((record, _) -> Math.max(0, record.timestamp())))
            .process(processor(clock), Named.as("count"));

    outputs
        .flatMapValues(
            output -> output instanceof ProcessorOutput.SideOutput side ? List.of(side) : List.of())
        .to((_, output, _) -> output.topic(), Produced.with(Serdes.String(), sideOutputs()));

    outputs
        .flatMapValues(output ->
            output instanceof ProcessorOutput.Increment(Figures figures)
                ? List.of(figures)
                : List.of())
        .repartition(
            Repartitioned.with(Serdes.String(), FIGURES)
                .withName("increments")
                .withNumberOfPartitions(Topics.FIGURES.partitions()))
        .groupByKey(Grouped.with(Serdes.String(), FIGURES))
        .reduce(
            Figures::plus,
            Materialized.<String, Figures>as(Stores.persistentTimestampedKeyValueStore(SUMS))
                .withKeySerde(Serdes.String())
                .withValueSerde(FIGURES)
                .withCachingEnabled())
        .toStream()
        .to(Topics.FIGURES.name(), Produced.with(Serdes.String(), FIGURES));
    return builder.build();
  }

  private static Serde<ProcessorOutput.SideOutput> sideOutputs() {
    return Serdes.serdeFrom(
        (_, output) -> output.value(),
        (topic, _) -> {
          throw new UnsupportedOperationException(topic + " is only written, never read");
        });
  }

  private static ProcessorSupplier<byte[], byte[], String, ProcessorOutput> processor(Clock clock) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<byte[], byte[], String, ProcessorOutput> get() {
        return new OrderEventProcessor(clock);
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return Set.of(
            Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(OrderEventProcessor.REDRIVEN),
                Serdes.String(),
                Serdes.Integer()));
      }
    };
  }
}
