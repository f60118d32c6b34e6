package shop.common.kafka;

import static java.util.Objects.requireNonNull;
import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Copies a keyed topic to an empty one with another number of partitions, for the procedure of
 * docs/growing-a-topic.md. The records of a key keep their order, because they are in one partition
 * of the source and are written one after the other to one partition of the target. Nobody may
 * write to either topic meanwhile.
 */
public final class TopicCopy implements AutoCloseable {

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);

  /** How long no record may arrive before the end is reached. */
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(60);

  private final String bootstrap;
  private final String source;
  private final String target;
  private final Admin admin;

  public TopicCopy(String bootstrap, String source, String target) {
    this.bootstrap = bootstrap;
    this.source = source;
    this.target = target;
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
  }

  /**
   * Copies, verifies, and moves the offsets of consumer groups: {@code TopicCopy BOOTSTRAP SOURCE
   * TARGET [GROUP…]}, where a group is {@code OLD} or {@code OLD=NEW}.
   */
  @SuppressWarnings("SystemOut") // a command for operators
  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 3) {
      throw new IllegalArgumentException("Usage: TopicCopy BOOTSTRAP SOURCE TARGET [OLD[=NEW]…]");
    }
    try (var copy = new TopicCopy(arguments[0], arguments[1], arguments[2])) {
      System.out.println("Copied " + copy.copy() + " records");
      System.out.println("Verified " + copy.verify() + " keys");
      for (String group : Arrays.asList(arguments).subList(3, arguments.length)) {
        String[] names = group.split("=", 2);
        copy.moveGroup(names[0], names[names.length - 1]);
        System.out.println("Moved group " + group);
      }
    }
  }

  /**
   * Copies all committed records, with key, value, headers and timestamp.
   *
   * @return the number of records
   * @throws IllegalStateException if the target is not empty; delete it, create it and repeat
   */
  public long copy() throws ExecutionException, InterruptedException {
    var partitions = partitions(target);
    if (ends(target).values().stream().anyMatch(end -> end > 0)) {
      throw new IllegalStateException(
          "Topic " + target + " is not empty. Delete it, create it again and repeat the copy");
    }
    long copied = 0;
    var failure = new AtomicReference<@Nullable Exception>();
    try (var producer = producer()) {
      for (var partition : partitions(source)) {
        copied +=
            read(
                partition,
                record -> {
                  var _ =
                      producer.send(
                          copyOf(record, partitions.size()),
                          (_, e) -> failure.compareAndSet(null, e));
                });
        producer.flush();
        @Nullable Exception e = failure.get();
        if (e != null) {
          throw new IllegalStateException(
              "A record was not copied. Repeat with an empty target", e);
        }
      }
    }
    return copied;
  }

  private ProducerRecord<byte[], byte[]> copyOf(
      ConsumerRecord<byte[], byte[]> record, int partitions) {
    byte @Nullable [] key = record.key();
    if (key == null) {
      throw new IllegalStateException(
          "The record at offset %d of %s-%d has no key, so its order cannot be kept"
              .formatted(record.offset(), record.topic(), record.partition()));
    }
    return new ProducerRecord<>(
        target,
        Utils.toPositive(Utils.murmur2(key)) % partitions,
        record.timestamp(),
        key,
        record.value(),
        record.headers());
  }

  /**
   * Compares both topics key by key: the same records in the same order, and each key in one
   * partition of the target. Needs about 200 bytes of memory a key.
   *
   * @return the number of keys
   * @throws IllegalStateException if they differ
   */
  public long verify() throws ExecutionException, InterruptedException {
    var expected = digests(source);
    var found = digests(target);
    if (!expected.equals(found)) {
      Set<Digest> keys = new HashSet<>(expected.keySet());
      keys.addAll(found.keySet());
      long different =
          keys.stream()
              .filter(key -> {
                @Nullable Digest digest = expected.get(key);
                return digest == null || !digest.equals(found.get(key));
              })
              .count();
      throw new IllegalStateException(
          "%s and %s differ in %d of %d keys. Was one of them written to meanwhile?"
              .formatted(source, target, different, keys.size()));
    }
    int partitions = partitions(target).size();
    for (var partition : partitions(target)) {
      read(
          partition,
          record -> {
            if (Utils.toPositive(Utils.murmur2(record.key())) % partitions != record.partition()) {
              throw new IllegalStateException(
                  "The record at offset %d of %s is in another partition than its key"
                      .formatted(record.offset(), partition));
            }
          });
    }
    return expected.size();
  }

  /** For each key's digest: a digest of its records in their order. */
  private Map<Digest, Digest> digests(String topic)
      throws ExecutionException, InterruptedException {
    Map<Digest, Digest> digests = new HashMap<>();
    var sha = sha256();
    for (var partition : partitions(topic)) {
      read(
          partition,
          record ->
              digests.merge(
                  Digest.of(sha.digest(record.key())),
                  digest(sha, record),
                  (before, next) -> {
                    before.update(sha);
                    next.update(sha);
                    return Digest.of(sha.digest());
                  }));
    }
    return digests;
  }

  private static Digest digest(MessageDigest sha, ConsumerRecord<byte[], byte[]> record) {
    update(sha, record.value());
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(record.timestamp()).flip());
    record
        .headers()
        .forEach(header -> {
          update(sha, header.key().getBytes(StandardCharsets.UTF_8));
          update(sha, header.value());
        });
    return Digest.of(sha.digest());
  }

  /** The first half of a SHA-256, which is enough to tell keys and records apart. */
  private record Digest(long high, long low) {
    static Digest of(byte[] sha) {
      var bytes = ByteBuffer.wrap(sha);
      return new Digest(bytes.getLong(), bytes.getLong());
    }

    void update(MessageDigest sha) {
      sha.update(ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).flip());
    }
  }

  private static void update(MessageDigest sha, byte @Nullable [] bytes) {
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes == null ? -1 : bytes.length).flip());
    if (bytes != null) {
      sha.update(bytes);
    }
  }

  /**
   * Lets a group continue at the end of the target, if it has consumed all of the source.
   *
   * @param newGroup its name from now on; a Kafka Streams application gets another one
   * @throws IllegalStateException if it has not; start its service, wait, stop it and repeat
   */
  public void moveGroup(String group, String newGroup)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin
            .listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
            .partitionsToOffsetAndMetadata(group)
            .get();
    for (var partition : partitions(source)) {
      @Nullable OffsetAndMetadata offset = committed.get(partition);
      long next = offset == null ? 0 : offset.offset();
      if (read(partition, next, _ -> {}) > 0) {
        throw new IllegalStateException(
            "Group %s has not consumed all of %s. Start its service, wait until its lag is 0, stop it and repeat"
                .formatted(group, partition));
      }
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    ends(target).forEach((partition, end) -> offsets.put(partition, new OffsetAndMetadata(end)));
    admin.alterConsumerGroupOffsets(newGroup, offsets).all().get();
  }

  @FunctionalInterface
  private interface Sink {
    void accept(ConsumerRecord<byte[], byte[]> record);
  }

  private long read(TopicPartition partition, Sink sink)
      throws ExecutionException, InterruptedException {
    return read(partition, 0, sink);
  }

  /** Reads the committed records from an offset to the end; returns their number. */
  private long read(TopicPartition partition, long from, Sink sink)
      throws ExecutionException, InterruptedException {
    long end = ends(partition.topic()).getOrDefault(partition, 0L);
    long records = 0;
    try (var consumer = consumer()) {
      consumer.assign(List.of(partition));
      if (from == 0) {
        consumer.seekToBeginning(List.of(partition));
      } else {
        consumer.seek(partition, from);
      }
      long stalled = System.nanoTime() + STALL_TIMEOUT.toNanos();
      for (long position = consumer.position(partition); position < end; ) {
        for (var record : consumer.poll(POLL_TIMEOUT)) {
          sink.accept(record);
          records++;
        }
        if (consumer.position(partition) > position) {
          stalled = System.nanoTime() + STALL_TIMEOUT.toNanos();
        } else if (System.nanoTime() > stalled) {
          throw new IllegalStateException(
              "%s cannot be read beyond offset %d; is a transaction open?"
                  .formatted(partition, position));
        }
        position = consumer.position(partition);
      }
    }
    return records;
  }

  private List<TopicPartition> partitions(String topic)
      throws ExecutionException, InterruptedException {
    int count =
        requireNonNull(admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic))
            .partitions()
            .size();
    return IntStream.range(0, count).mapToObj(number -> new TopicPartition(topic, number)).toList();
  }

  private Map<TopicPartition, Long> ends(String topic)
      throws ExecutionException, InterruptedException {
    var latest = partitions(topic).stream().collect(toMap(identity(), _ -> OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(latest)
        .all()
        .get()
        .forEach((partition, info) -> ends.put(partition, info.offset()));
    return ends;
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.LINGER_MS_CONFIG,
            20,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            Topic.MAX_MESSAGE_BYTES),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
