package shop.bench.platform;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads a topic from its current end in a thread of its own, until it is closed. */
public final class TopicTail implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Consumer<ConsumerRecords<byte[], byte[]>> handler;
  private final Thread thread;
  private volatile boolean open = true;
  private volatile @Nullable RuntimeException failure;

  /**
   * Starts to read.
   *
   * @param settings further settings of the consumer
   * @param handler receives the records of each poll, from one thread
   */
  public TopicTail(
      String bootstrapServers,
      String topic,
      Map<String, Object> settings,
      Consumer<ConsumerRecords<byte[], byte[]>> handler) {
    this.handler = handler;
    Map<String, Object> all = new LinkedHashMap<>(settings);
    all.put("bootstrap.servers", bootstrapServers);
    consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    var partitions = Topics.partitions(consumer, topic);
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    // Resolves the offsets now: records that are produced afterwards are read.
    partitions.forEach(consumer::position);
    thread = Thread.ofPlatform().name(topic).start(this::read);
  }

  /**
   * Checks that the topic is still being read.
   *
   * @throws IllegalStateException if reading has failed
   */
  public void requireReading() {
    var failed = failure;
    if (failed != null) {
      throw new IllegalStateException("Cannot read the topic any longer", failed);
    }
  }

  private void read() {
    try {
      while (open) {
        handler.accept(consumer.poll(Duration.ofMillis(200)));
      }
    } catch (WakeupException e) {
      if (open) {
        failure = e;
        throw e;
      }
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void close() {
    open = false;
    consumer.wakeup();
    try {
      thread.join();
      consumer.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
