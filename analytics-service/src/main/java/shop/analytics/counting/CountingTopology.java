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
 * Orders → increments by bucket → sums by bucket → {@code figures}. Stores are in memory: a bucket
 * takes some hundred bytes, is rebuilt from its changelog in one read, and needs no disk that two
 * instances on one machine could fight over.
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
    KStream<String, Contribution> counted =
        builder.stream(
                List.of(Topics.ORDERS.name(), Topics.ANALYTICS_REDRIVE.name()),
                Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                    // A poisoned record may have no time at all; nothing here depends on it.
                    .withTimestampExtractor((record, _) -> Math.max(0, record.timestamp())))
            .process(counter(clock), Named.as("count"));

    counted
        .flatMapValues(one -> one instanceof Contribution.Aside aside ? List.of(aside) : List.of())
        .to((_, aside, _) -> aside.topic(), Produced.with(Serdes.String(), asides()));

    counted
        .flatMapValues(one ->
            one instanceof Contribution.Increment(Figures figures) ? List.of(figures) : List.of())
        .repartition(
            Repartitioned.with(Serdes.String(), FIGURES)
                .withName("increments")
                .withNumberOfPartitions(Topics.FIGURES.partitions()))
        .groupByKey(Grouped.with(Serdes.String(), FIGURES))
        .reduce(
            Figures::plus,
            Materialized.<String, Figures>as(Stores.inMemoryKeyValueStore(SUMS))
                .withKeySerde(Serdes.String())
                .withValueSerde(FIGURES)
                .withCachingEnabled())
        .toStream()
        .to(Topics.FIGURES.name(), Produced.with(Serdes.String(), FIGURES));
    return builder.build();
  }

  private static Serde<Contribution.Aside> asides() {
    return Serdes.serdeFrom(
        (_, aside) -> aside.value(),
        (topic, _) -> {
          throw new UnsupportedOperationException(topic + " is only written here");
        });
  }

  private static ProcessorSupplier<byte[], byte[], String, Contribution> counter(Clock clock) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<byte[], byte[], String, Contribution> get() {
        return new OrderCounter(clock);
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return Set.of(
            Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(OrderCounter.REDRIVEN),
                Serdes.String(),
                Serdes.Integer()));
      }
    };
  }
}
