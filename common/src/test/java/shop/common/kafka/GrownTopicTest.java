package shop.common.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.core.io.ClassPathResource;
import shop.common.testkit.TempFolders;
import shop.common.testkit.TopicReader;
import shop.local.broker.Brokers;

/** Partitions that are added to a topic, and the procedure of docs/growing-a-topic.md. */
@Tag("slow")
class GrownTopicTest {

  private static final int KEYS = 40;

  private final Admin admin = Admin.create(Map.of("bootstrap.servers", Brokers.kafka()));
  private final String source = "keyed-" + UUID.randomUUID();
  private final String target = source + ".2";
  private final String group = "group-" + UUID.randomUUID();

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void partitionsThatAreAddedWhileAProducerRunsMoveNoKey() throws Exception {
    // given a producer with the settings of every service, and a topic of the platform
    var topic = Topics.NOTIFICATION_REDRIVE;
    create(topic.name(), topic.partitions());
    try (var producer =
        producer(
            Map.of(
                ProducerConfig.PARTITIONER_CLASS_CONFIG,
                setting("spring.kafka.producer.properties.partitioner.class"),
                ProducerConfig.METADATA_MAX_AGE_CONFIG,
                100))) {
      send(producer, topic.name(), "before");

      // when partitions are added, and the producer knows them
      admin.createPartitions(Map.of(topic.name(), NewPartitions.increaseTo(24))).all().get();
      await().until(() -> producer.partitionsFor(topic.name()).size() == 24);
      send(producer, topic.name(), "after");
    }

    // then every key stays in its partition
    assertThat(partitionsByKey(topic.name()).values())
        .hasSize(KEYS)
        .allSatisfy(of -> assertThat(of).hasSize(2).containsOnly(of.getFirst()));
  }

  @Test
  void partitionsThatAreAddedWhileAStreamsApplicationRunsMoveNoKey() throws Exception {
    // given a Kafka Streams application that writes to a topic of the platform
    var topic = Topics.ANALYTICS_REDRIVE;
    create(source, 3);
    create(topic.name(), topic.partitions());
    var application = new Forwarding(source, topic.name());
    application.start();
    try (var producer = producer(Map.of())) {
      send(producer, source, "0");
      await().until(() -> read(topic.name()).size() == KEYS);

      // when partitions are added, and its producer has asked for them several times
      admin.createPartitions(Map.of(topic.name(), NewPartitions.increaseTo(24))).all().get();
      await().until(() -> partitions(topic.name()) == 24);
      for (int round = 1; round <= 3; round++) {
        int expected = (round + 1) * KEYS;
        send(producer, source, Integer.toString(round));
        await().until(() -> read(topic.name()).size() == expected);
      }
    } finally {
      application.stop();
    }

    // then every key stays in its partition
    assertThat(partitionsByKey(topic.name()).values())
        .hasSize(KEYS)
        .allSatisfy(of -> assertThat(of).hasSize(4).containsOnly(of.getFirst()));
  }

  /** Forwards a topic to another one with the settings of every application. */
  private static final class Forwarding extends StreamsApplication {
    private final String from;
    private final String to;

    Forwarding(String from, String to) {
      super(
          "forwarding-" + UUID.randomUUID(),
          kafka(),
          new KafkaSettings(1, 1, Duration.ofSeconds(30)),
          Duration.ofSeconds(10),
          _ -> {});
      this.from = from;
      this.to = to;
    }

    private static KafkaProperties kafka() {
      var kafka = new KafkaProperties();
      kafka.setBootstrapServers(List.of(Brokers.kafka()));
      return kafka;
    }

    @Override
    protected Topology topology() {
      return new Topology()
          .addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), from)
          .addSink("out", to, new ByteArraySerializer(), new ByteArraySerializer(), "in");
    }

    @Override
    protected Map<String, Object> settings() {
      return Map.of(
          StreamsConfig.STATE_DIR_CONFIG,
          TempFolders.create("streams").toString(),
          StreamsConfig.producerPrefix(ProducerConfig.METADATA_MAX_AGE_CONFIG),
          100);
    }

    @Override
    protected Duration closeTimeout() {
      return Duration.ofSeconds(5);
    }

    @Override
    protected boolean isRecoverable(Throwable failure) {
      return false;
    }
  }

  @Test
  void aTopicIsGrownByCopyingVerifyingAndSwitching() throws Exception {
    // given a topic with three partitions, which a group has consumed
    create(source, 3);
    try (var producer =
        producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, UUID.randomUUID().toString()))) {
      producer.initTransactions();
      for (String round : List.of("1", "2", "aborted", "3")) {
        producer.beginTransaction();
        send(producer, source, round);
        if (round.equals("aborted")) {
          producer.abortTransaction();
        } else {
          producer.commitTransaction();
        }
      }
      producer.beginTransaction();
      var _ = producer.send(new ProducerRecord<>(source, bytes("key-0"), null));
      producer.commitTransaction();
    }
    var before = sequences(source);
    assertThat(consume(source)).hasSize(3 * KEYS + 1);

    // when it is copied to a topic with five partitions, verified, and the group is moved
    create(target, 5);
    try (var copy = new TopicCopy(Brokers.kafka(), source, target)) {
      assertThat(copy.copy()).isEqualTo(3 * KEYS + 1);
      assertThat(copy.verify()).isEqualTo(KEYS);
      copy.moveGroup(group, group);
    }

    // then each key has the same records in the same order, with timestamps and headers
    assertThat(sequences(target)).isEqualTo(before);
    // and the group goes on with new records only
    try (var producer = producer(Map.of())) {
      send(producer, target, "4");
    }
    assertThat(consume(target))
        .hasSize(KEYS)
        .allSatisfy(record -> assertThat(record.value()).asString().startsWith("4"));
  }

  @Test
  void aCopyThatIsNotWholeIsRefused() throws Exception {
    create(source, 3);
    create(target, 5);
    try (var producer = producer(Map.of());
        var copy = new TopicCopy(Brokers.kafka(), source, target)) {
      send(producer, source, "1");
      copy.copy();

      assertThatIllegalStateException()
          .isThrownBy(copy::copy)
          .withMessageContaining("is not empty");
      assertThatIllegalStateException()
          .isThrownBy(() -> copy.moveGroup(group, group))
          .withMessageContaining("has not consumed all");
      send(producer, source, "2");
      assertThatIllegalStateException()
          .isThrownBy(copy::verify)
          .withMessageContaining("differ in " + KEYS + " of " + KEYS + " keys");
    }
  }

  private static Map<String, List<Integer>> partitionsByKey(String topic) {
    Map<String, List<Integer>> partitions = new HashMap<>();
    read(topic)
        .forEach(record ->
            partitions
                .computeIfAbsent(key(record), _ -> new ArrayList<>())
                .add(record.partition()));
    return partitions;
  }

  private static Object setting(String name) throws Exception {
    var sources =
        new YamlPropertySourceLoader().load("defaults", new ClassPathResource("shop-defaults.yml"));
    return String.valueOf(sources.getFirst().getProperty(name));
  }

  private void create(String topic, int partitions) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, Brokers.kafka());
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Sends a record of every key. */
  private static void send(KafkaProducer<byte[], byte[]> producer, String topic, String round) {
    for (int i = 0; i < KEYS; i++) {
      var record = new ProducerRecord<>(topic, bytes("key-" + i), bytes(round + " of " + i));
      record.headers().add("round", bytes(round));
      var _ = producer.send(record);
    }
    producer.flush();
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    return TopicReader.all(new Topic(topic, partitions(topic), Map.of()));
  }

  private static int partitions(String topic) {
    try (var producer = producer(Map.of())) {
      return producer.partitionsFor(topic).size();
    }
  }

  /** The values, headers and times of each key, in their order. */
  private static Map<String, List<String>> sequences(String topic) {
    Map<String, List<String>> sequences = new HashMap<>();
    read(topic)
        .forEach(record ->
            sequences
                .computeIfAbsent(key(record), _ -> new ArrayList<>())
                .add(
                    "%s %s %d"
                        .formatted(
                            record.value() == null ? null : new String(record.value(), UTF_8),
                            record.headers(),
                            record.timestamp())));
    return sequences;
  }

  /** What the group reads until nothing is left, and commits. */
  private List<ConsumerRecord<byte[], byte[]>> consume(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                Brokers.kafka(),
                "group.id",
                group,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      await()
          .until(() -> {
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            return !consumer.assignment().isEmpty()
                && consumer.endOffsets(consumer.assignment()).entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
          });
      consumer.commitSync();
    }
    return records;
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
