package shop.order.crash;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import shop.common.kafka.Topics;

/**
 * Delays every append of an instance to {@code order-commands} and {@code catalog} while a file
 * exists, as a pause of its process after the reservation does.
 */
public final class AppendGate implements ProducerInterceptor<byte[], byte[]> {

  /** The environment variable that names the file. */
  static final String ENVIRONMENT = "APPEND_GATE";

  private static final Set<String> TOPICS =
      Set.of(Topics.ORDER_COMMANDS.name(), Topics.CATALOG.name());

  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
    if (TOPICS.contains(record.topic())) {
      var gate = Path.of(System.getenv(ENVIRONMENT));
      await()
          // A failure here would be logged only, and the append let through.
          .dontCatchUncaughtExceptions()
          .atMost(CrashScenario.TIMEOUT.multipliedBy(3))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> Files.notExists(gate));
    }
    return record;
  }

  @Override
  public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception failure) {}

  @Override
  public void close() {}

  @Override
  public void configure(Map<String, ?> settings) {}
}
