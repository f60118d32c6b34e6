package shop.e2e.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Kafka as somebody reads it who trusts nobody: committed records alone, past every service. */
final class Log implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String bootstrapServers;
  private final Admin admin;

  Log(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  /**
   * One record.
   *
   * @param type what its {@code ce_type} says; empty for what is no event
   * @param sequence what its {@code ce_sequence} says; 0 if it has none
   */
  record Entry(
      String topic,
      int partition,
      long offset,
      Instant at,
      String key,
      String type,
      long sequence,
      Map<String, String> headers,
      String body) {

    @Override
    public String toString() {
      var number = sequence == 0 ? "" : " #" + sequence;
      return "%s %s-%d@%d %s%s %s".formatted(at, topic, partition, offset, type, number, body);
    }
  }

  /** Every committed record of a topic, each partition in its order. */
  List<Entry> read(String topic) {
    List<Entry> all = new ArrayList<>();
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
    try (var reader =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          reader.partitionsFor(topic, PATIENCE).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      reader.assign(partitions);
      reader.seekToBeginning(partitions);
      var ends = reader.endOffsets(partitions, PATIENCE);
      while (ends.entrySet().stream().anyMatch(e -> reader.position(e.getKey()) < e.getValue())) {
        for (var record : reader.poll(Duration.ofMillis(200))) {
          Map<String, String> headers = new TreeMap<>();
          record
              .headers()
              .forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
          all.add(
              new Entry(
                  topic,
                  record.partition(),
                  record.offset(),
                  Instant.ofEpochMilli(record.timestamp()),
                  record.key() == null ? "" : record.key(),
                  headers.getOrDefault("ce_type", ""),
                  Long.parseLong(headers.getOrDefault("ce_sequence", "0")),
                  headers,
                  record.value() == null ? "" : new String(record.value(), UTF_8)));
        }
      }
    }
    return all;
  }

  /** The types of what a topic says of an order, oldest first. */
  List<String> typesOf(String topic, String orderId) {
    return read(topic).stream()
        .filter(entry -> entry.key().equals(orderId))
        .map(Entry::type)
        .toList();
  }

  /** Where a record lies. */
  record Place(TopicPartition partition, long offset) {
    @Override
    public String toString() {
      return partition + "@" + offset;
    }
  }

  /** Bytes that no service can read, with themselves as key. Tells where they lie. */
  Place poison(String topic, String bytes) {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      var sent =
          producer.send(new ProducerRecord<>(topic, bytes.getBytes(UTF_8), bytes.getBytes(UTF_8)));
      var metadata = sent.get(30, TimeUnit.SECONDS);
      return new Place(new TopicPartition(topic, metadata.partition()), metadata.offset());
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Refuses messages to a topic that are larger; null takes back what was said. */
  void limitMessages(String topic, @Nullable Integer bytes) {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    var entry = new ConfigEntry("max.message.bytes", bytes == null ? "" : bytes.toString());
    var kind = bytes == null ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET;
    await(
        admin
            .incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(entry, kind))))
            .all());
  }

  /** How many members a consumer group has now. */
  int members(String group) {
    return await(admin.describeConsumerGroups(List.of(group)).all()).get(group).members().size();
  }

  /** The offsets that groups have committed for a partition, by group. */
  Map<String, Long> committed(TopicPartition partition, List<String> groups) {
    Map<String, Long> all = new HashMap<>();
    for (var group : groups) {
      var offsets = await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
      var offset = offsets.get(partition);
      all.put(group, offset == null ? 0L : offset.offset());
    }
    return all;
  }

  private static <T> T await(org.apache.kafka.common.KafkaFuture<T> future) {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }
}
