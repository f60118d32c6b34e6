package shop.payment.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import shop.common.kafka.TopicFollower;
import shop.payment.PaymentProvider;
import shop.payment.ServiceUnderTest;

/** Failures that break liveness, and failures after which the consumer is recreated. */
@Tag("slow")
class LivenessTest {

  @RegisterExtension private static final ServiceUnderTest SERVICE = ServiceUnderTest.standard();

  private final List<Object> events = new CopyOnWriteArrayList<>();

  @Test
  void errorBreaksLiveness() {
    var consumer =
        consumer(() -> {
          throw new NoClassDefFoundError("of this test");
        });
    consumer.start();

    await().until(() -> events.size() == 1);
    assertThat(((AvailabilityChangeEvent<?>) events.getFirst()).getState())
        .isEqualTo(LivenessState.BROKEN);
    consumer.stop();
  }

  @Test
  void consumerIsRecreatedAfterAKafkaException() {
    var creations = new AtomicInteger();
    var consumer =
        consumer(() -> {
          creations.incrementAndGet();
          throw new KafkaException("of this test");
        });
    consumer.start();

    await().until(() -> creations.get() >= 3);
    assertThat(events).isEmpty();
    consumer.stop();
  }

  @Test
  void isNotReadyWhileTheConsumerIsRecreated() {
    var first = new MockConsumer<byte[], byte[]>("earliest");
    var partition = new TopicPartition("orders", 0);
    var creations = new AtomicInteger();
    var wasReady = new AtomicBoolean();
    var consumer =
        consumer(() -> {
          if (creations.getAndIncrement() > 0) {
            throw new KafkaException("of this test");
          }
          return first;
        });
    first.schedulePollTask(() -> {
      first.updateBeginningOffsets(Map.of(partition, 0L));
      first.rebalance(List.of(partition));
    });
    first.schedulePollTask(() -> {
      wasReady.set(consumer.isReady() && consumer.ownsFirstPartition());
      first.setPollException(new KafkaException("of this test"));
    });

    consumer.start();

    await().until(() -> creations.get() >= 3);
    assertThat(wasReady).isTrue();
    assertThat(consumer.isReady()).isFalse();
    assertThat(consumer.ownsFirstPartition()).isFalse();
    consumer.stop();
  }

  private PaymentConsumer consumer(Supplier<Consumer<byte[], byte[]>> consumers) {
    var settings =
        new ConsumerSettings(
            1,
            1,
            1,
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ZERO,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));
    return new PaymentConsumer(
        consumers,
        null,
        SERVICE.instance().bean(PaymentProvider.class),
        SERVICE.instance().bean(TopicFollower.class),
        new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1)),
        settings,
        new PaymentMetrics(new SimpleMeterRegistry()),
        Clock.systemUTC(),
        events::add);
  }
}
