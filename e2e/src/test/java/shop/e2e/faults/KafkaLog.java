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

/** Reads and writes Kafka directly, without any service; reads committed records only. */
final class KafkaLog implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final String bootstrapServers;
  private final Admin admin;

  KafkaLog(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  /**
   * A record.
   *
   * @param type its {@code ce_type} header; empty if the record is not an event
   * @param sequence its {@code ce_sequence} header; 0 if it has none
   */
  record LogRecord(
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

  /** All committed records of a topic, ordered within each partition. */
  List<LogRecord> read(String topic) {
    List<LogRecord> all = new ArrayList<>();
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(topic, TIMEOUT).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions, TIMEOUT);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          Map<String, String> headers = new TreeMap<>();
          record
              .headers()
              .forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
          all.add(
              new LogRecord(
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

  /** The types of an order's records in a topic, oldest first. */
  List<String> typesOf(String topic, String orderId) {
    return read(topic).stream()
        .filter(record -> record.key().equals(orderId))
        .map(LogRecord::type)
        .toList();
  }

  /** The position of a record. */
  record Position(TopicPartition partition, long offset) {
    @Override
    public String toString() {
      return partition + "@" + offset;
    }
  }

  /**
   * Produces bytes that no service can deserialize, as key and value, and returns their position.
   */
  Position poison(String topic, String bytes) {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      var sent =
          producer.send(new ProducerRecord<>(topic, bytes.getBytes(UTF_8), bytes.getBytes(UTF_8)));
      var metadata = sent.get(30, TimeUnit.SECONDS);
      return new Position(new TopicPartition(topic, metadata.partition()), metadata.offset());
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sets a topic's {@code max.message.bytes}; null removes the override. */
  void limitMessages(String topic, @Nullable Integer bytes) {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    var entry = new ConfigEntry("max.message.bytes", bytes == null ? "" : bytes.toString());
    var kind = bytes == null ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET;
    await(
        admin
            .incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(entry, kind))))
            .all());
  }

  /** The current number of members of a consumer group. */
  int members(String group) {
    return await(admin.describeConsumerGroups(List.of(group)).all()).get(group).members().size();
  }

  /** The committed offset of each group for a partition; 0 if it has none. */
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
      return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }
}
