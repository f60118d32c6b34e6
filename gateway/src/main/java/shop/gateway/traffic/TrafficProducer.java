package shop.gateway.traffic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topics;

/**
 * Sends records to the topic traffic at most once, in batches, and never waits: while Kafka is
 * unavailable or the buffer is full, records are dropped and counted.
 */
@Component
final class TrafficProducer implements SmartLifecycle, MeterBinder {

  private static final Logger log = LoggerFactory.getLogger(TrafficProducer.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private static final Header SPEC_VERSION = header(Envelope.SPEC_VERSION, "1.0");
  private static final Header TYPE = header(Envelope.TYPE, TrafficRecord.TYPE);
  private static final Header SOURCE = header(Envelope.SOURCE, "gateway");
  private static final Header CONTENT_TYPE = header("content-type", "application/json");

  private final Map<String, Object> properties;
  private final LongAdder sent = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final String run = UUID.randomUUID() + "-";
  private final AtomicLong count = new AtomicLong();
  private volatile @Nullable KafkaProducer<byte[], byte[]> producer;
  private volatile @Nullable Thread connecting;

  TrafficProducer(KafkaProperties kafka, TrafficSettings settings) {
    properties = new HashMap<>(kafka.buildProducerProperties());
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, "traffic");
    // At most once, and without waiting for metadata or for room in the buffer.
    properties.put(ProducerConfig.ACKS_CONFIG, "1");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
    properties.put(ProducerConfig.RETRIES_CONFIG, 0);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, settings.buffer().toBytes());
    // A batch of some hundred records costs hardly more than one record.
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 100);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10);
    // Records have no key; Kafka's own partitioner fills one batch after another.
    properties.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
  }

  /** Sends a record, or drops it. */
  void send(TrafficRecord record) {
    var current = producer;
    if (current == null) {
      dropped.increment();
      return;
    }
    try {
      var _ =
          current.send(
              kafkaRecord(record), (_, failure) -> (failure == null ? sent : dropped).increment());
    } catch (KafkaException | IllegalStateException _) {
      // The buffer is full, or the producer was closed.
      dropped.increment();
    }
  }

  private ProducerRecord<byte[], byte[]> kafkaRecord(TrafficRecord record) {
    var headers =
        new RecordHeaders(
            new Header[] {
              SPEC_VERSION,
              header(Envelope.ID, run + count.incrementAndGet()),
              TYPE,
              SOURCE,
              header(Envelope.SUBJECT, record.gateway()),
              header(Envelope.TIME, record.time().toString()),
              CONTENT_TYPE
            });
    return new ProducerRecord<>(
        Topics.TRAFFIC.name(), null, null, null, Json.bytes(record), headers);
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  /** Kafka's client cannot be made while no broker's name is known to DNS. */
  private void connect() {
    while (producer == null) {
      try {
        producer = new KafkaProducer<>(properties);
      } catch (KafkaException e) {
        log.warn("Traffic is not recorded; trying again in {}: {}", RETRY_INTERVAL, e.toString());
        try {
          Thread.sleep(RETRY_INTERVAL);
        } catch (InterruptedException _) {
          return;
        }
      }
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    register(registry, "sent", sent);
    register(registry, "dropped", dropped);
  }

  private static void register(MeterRegistry registry, String result, LongAdder adder) {
    FunctionCounter.builder("gateway.traffic.records", adder, LongAdder::sum)
        .description("Records of requests: sent to the topic traffic, or dropped")
        .tag("result", result)
        .register(registry);
  }

  /** Records that were dropped. */
  long dropped() {
    return dropped.sum();
  }

  @Override
  public void start() {
    connecting = Thread.ofVirtual().name("traffic-connect").start(this::connect);
  }

  @Override
  public void stop() {
    var thread = connecting;
    connecting = null;
    if (thread != null) {
      thread.interrupt();
    }
    var current = producer;
    if (current != null) {
      current.close(CLOSE_TIMEOUT);
    }
  }

  @Override
  public boolean isRunning() {
    return connecting != null;
  }

  /** Started before the server accepts requests, and stopped after the last one. */
  @Override
  public int getPhase() {
    return 0;
  }
}
