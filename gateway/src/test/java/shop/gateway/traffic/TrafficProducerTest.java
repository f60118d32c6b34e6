package shop.gateway.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.util.unit.DataSize;

class TrafficProducerTest {

  private static final int RECORDS = 1000;

  @Test
  void withoutKafkaRecordsAreDroppedAndCounted() {
    var producer = new TrafficProducer(unreachable(), settings(1));
    producer.start();

    for (int number = 0; number < RECORDS; number++) {
      producer.send(record());
    }

    await().until(() -> producer.dropped() == RECORDS);
    producer.stop();
    producer.send(record());
    assertThat(producer.dropped()).isEqualTo(RECORDS + 1);
  }

  @Test
  void samplingOutOfRangeIsRefused() {
    assertThatThrownBy(() -> settings(1.1)).hasMessageContaining("allowed are 0 to 1");
    assertThatThrownBy(() -> settings(Double.NaN)).hasMessageContaining("allowed are 0 to 1");
  }

  private static KafkaProperties unreachable() {
    var kafka = new KafkaProperties();
    kafka.setBootstrapServers(List.of("127.0.0.1:1"));
    kafka.getProducer().setKeySerializer(ByteArraySerializer.class);
    kafka.getProducer().setValueSerializer(ByteArraySerializer.class);
    return kafka;
  }

  private static TrafficSettings settings(double sampling) {
    return new TrafficSettings("gateway", sampling, DataSize.ofMegabytes(1));
  }

  private static TrafficRecord record() {
    return new TrafficRecord(
        Instant.EPOCH,
        "gateway",
        null,
        null,
        null,
        "GET",
        404,
        1,
        null,
        0,
        0,
        0,
        null,
        null,
        null,
        "completed");
  }
}
