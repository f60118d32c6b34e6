package shop.notification.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.money.Money;
import shop.common.trace.TraceContext;
import shop.local.broker.RabbitBroker;
import shop.local.os.Ports;
import shop.notification.Channel;
import shop.notification.Delivery;
import shop.notification.Messenger;
import shop.notification.Notice;
import shop.notification.TestSchema;
import shop.notification.result.DeliveryResults;
import shop.notification.result.DeliveryTable;

/** Publishing to a real RabbitMQ broker with a short work queue. */
@Tag("slow")
class QueueTest {

  private static final String WORK_QUEUE = "notifications.email";
  private static final Instant NOW = Instant.parse("2026-11-21T09:30:00.123Z");
  private static final Duration DELAY = Duration.ofMillis(200);
  private static final Duration LONG_DELAY = Duration.ofMinutes(10);
  private static final QueueSettings SETTINGS =
      new QueueSettings(
          List.of(DELAY, DELAY, LONG_DELAY),
          3,
          Duration.ofHours(1),
          5,
          2,
          Duration.ofSeconds(10),
          100);

  @TempDir private static Path folder;
  private static RabbitBroker broker;
  private static AnnotationConfigApplicationContext context;
  private static RabbitAdmin admin;
  private static RabbitTemplate rabbit;
  private static TaskPublisher publisher;

  @BeforeAll
  static void start() {
    broker = new RabbitBroker(folder, Ports.freeBlock(RabbitBroker.PORTS));
    broker.start();
    var endpoint = broker.endpoint();
    var connections = new CachingConnectionFactory(endpoint.host(), endpoint.port());
    connections.setUsername(endpoint.user());
    connections.setPassword(endpoint.password());
    connections.setPublisherConfirmType(ConfirmType.CORRELATED);
    connections.setPublisherReturns(true);
    admin = new RabbitAdmin(connections);
    rabbit = new RabbitTemplate(connections);
    rabbit.setMandatory(true);
    context = new AnnotationConfigApplicationContext();
    context.registerBean(QueueSettings.class, () -> SETTINGS);
    context.registerBean(CachingConnectionFactory.class, () -> connections);
    context.registerBean(RabbitAdmin.class, () -> admin);
    context.register(QueueTopology.class);
    context.refresh();
    publisher =
        new TaskPublisher(
            rabbit, admin, new BlockedConnections(connections), SETTINGS, new Random(1));
  }

  @AfterAll
  static void stop() {
    context.close();
    broker.stop();
  }

  @BeforeEach
  void empty() {
    admin.initialize();
    admin.purgeQueue(WORK_QUEUE);
  }

  @Test
  void publishedTasksAreInTheQueueWhenTheCallReturns() {
    publisher.publish(Channel.EMAIL, List.of(task(), task()));
    await()
        .untilAsserted(
            () -> assertThat(admin.getQueueInfo(WORK_QUEUE).getMessageCount()).isEqualTo(2));
  }

  @Test
  void unroutableMessageFailsTheCallAndItsQueueIsDeclaredAgain() {
    admin.deleteQueue(WORK_QUEUE);
    assertThatThrownBy(() -> publisher.publish(Channel.EMAIL, List.of(task())))
        .isInstanceOf(QueueUnavailable.class)
        .hasMessageContaining("no queue " + WORK_QUEUE);
    assertThatCode(() -> publisher.publish(Channel.EMAIL, List.of(task())))
        .doesNotThrowAnyException();
  }

  @Test
  void fullQueueRejects() {
    var many = Stream.generate(QueueTest::task).limit(100).toList();
    assertThatThrownBy(() -> publisher.publish(Channel.EMAIL, many))
        .isInstanceOf(QueueUnavailable.class)
        .hasMessageContaining("rejected");
  }

  @Test
  void nothingIsQueuedWhileTooManyTasksWaitForARetry() {
    // given a retry queue with as many tasks as may wait
    var queue = new DeliveryQueue(publisher, backlog(), SETTINGS, Clock.systemUTC());
    var retries = QueueTopology.retryQueue(Channel.EMAIL, LONG_DELAY);
    admin.purgeQueue(retries);
    for (int i = 0; i < SETTINGS.maxLength(); i++) {
      publisher.publishDelayed(Channel.EMAIL, task(), LONG_DELAY);
    }
    await().until(() -> admin.getQueueInfo(retries).getMessageCount() >= SETTINGS.maxLength());

    // when, then
    var batch = queue.newBatch();
    batch.add(delivery(), NOW, TraceContext.fresh());
    assertThatThrownBy(batch::publish)
        .isInstanceOf(QueueUnavailable.class)
        .hasMessageContaining("5 tasks wait for a retry");

    // and when they have been taken
    admin.purgeQueue(retries);
    var again = new DeliveryQueue(publisher, backlog(), SETTINGS, Clock.systemUTC()).newBatch();
    again.add(delivery(), NOW, TraceContext.fresh());
    assertThatCode(again::publish).doesNotThrowAnyException();
  }

  private static RetryBacklog backlog() {
    return new RetryBacklog(admin, SETTINGS, Clock.systemUTC());
  }

  @Test
  void delayedTaskReturnsToTheWorkQueueUnchanged() {
    var task = task().afterAttempts(1);
    publisher.publishDelayed(Channel.EMAIL, task, DELAY);

    var back = rabbit.receive(WORK_QUEUE, 10_000);
    assertThat(back).isNotNull();
    var again = Task.of(back);
    assertThat(again.id()).isEqualTo(task.id());
    assertThat(again.attempts()).isEqualTo(1);
    assertThat(again.headers()).isEqualTo(task.headers());
    assertThat(again.delivery()).isEqualTo(task.delivery());
  }

  @Test
  void taskRejectedAgainAndAgainIsDeadLetteredNotLost() {
    publisher.publish(Channel.EMAIL, List.of(task()));
    await()
        .until(() -> {
          rabbit.execute(channel -> {
            var got = channel.basicGet(WORK_QUEUE, false);
            if (got != null) {
              channel.basicReject(got.getEnvelope().getDeliveryTag(), true);
            }
            return null;
          });
          return admin.getQueueInfo(WORK_QUEUE + ".given-up").getMessageCount() == 1;
        });
  }

  @Test
  void resultThatKafkaDoesNotStoreIsRetriedWithoutASecondMail() {
    var sent = new AtomicInteger();
    try (var schema = new TestSchema();
        var away = new KafkaAway()) {
      var worker = worker(sent, away.kafka, schema.jdbc());
      var task = task();

      worker.work(task);
      var again = Task.of(rabbit.receive(WORK_QUEUE, 10_000));
      worker.work(again);

      assertThat(again.id()).isEqualTo(task.id());
      assertThat(again.attempts()).isZero();
      assertThat(sent).hasValue(1);
      assertThat(rabbit.receive(WORK_QUEUE, 10_000)).isNotNull();
    }
  }

  @Test
  void taskIsDeferredWhileTheDatabaseIsAwayAndUsesUpNoAttempt() {
    var sent = new AtomicInteger();
    try (var away = new KafkaAway()) {
      var worker = worker(sent, away.kafka, TestSchema.away());
      var task = task().afterAttempts(1);

      worker.work(task);

      var again = Task.of(rabbit.receive(WORK_QUEUE, 10_000));
      assertThat(again.id()).isEqualTo(task.id());
      assertThat(again.headers()).isEqualTo(task.headers());
      assertThat(again.attempts()).isEqualTo(1);
      assertThat(sent).hasValue(0);
    }
  }

  private static DeliveryWorker worker(
      AtomicInteger sent, KafkaTemplate<byte[], byte[]> kafka, JdbcClient jdbc) {
    return new DeliveryWorker(
        new CountingMessenger(sent),
        new RecentDeliveries(SETTINGS),
        new DeliveryTable(jdbc),
        new DeliveryResults(kafka, Clock.systemUTC()),
        new DeliveryDeadLetters(
            new DeadLetterPublisher(kafka, "notification-service", Clock.systemUTC()),
            Clock.systemUTC()),
        publisher,
        SETTINGS,
        Clock.fixed(NOW, ZoneOffset.UTC),
        new SimpleMeterRegistry());
  }

  /** A producer without a broker. */
  private static final class KafkaAway implements AutoCloseable {
    private final DefaultKafkaProducerFactory<byte[], byte[]> producers =
        new DefaultKafkaProducerFactory<>(
            Map.of("bootstrap.servers", "127.0.0.1:1", "max.block.ms", 200),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    private final KafkaTemplate<byte[], byte[]> kafka = new KafkaTemplate<>(producers);

    @Override
    public void close() {
      producers.destroy();
    }
  }

  /** Accepts every delivery. */
  private record CountingMessenger(AtomicInteger sent) implements Messenger {
    @Override
    public Channel channel() {
      return Channel.EMAIL;
    }

    @Override
    public void send(Delivery delivery) {
      sent.incrementAndGet();
    }
  }

  private static Delivery delivery() {
    return Delivery.of(
        UUID.randomUUID(),
        1,
        Channel.EMAIL,
        UUID.randomUUID(),
        new Notice.OrderConfirmed(new Money(1, "EUR")));
  }

  private static Task task() {
    return Task.of(delivery(), NOW, NOW.plusSeconds(60), TraceContext.fresh());
  }
}
