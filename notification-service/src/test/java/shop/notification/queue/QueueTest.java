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

/** Publishing to a real RabbitMQ broker with a short work queue. */
@Tag("slow")
class QueueTest {

  private static final String WORK_QUEUE = "notifications.email";
  private static final Instant NOW = Instant.parse("2026-11-21T09:30:00.123Z");
  private static final Duration DELAY = Duration.ofMillis(200);
  private static final QueueSettings SETTINGS =
      new QueueSettings(List.of(DELAY), 3, Duration.ofHours(1), 5, 2, Duration.ofSeconds(10), 100);

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
    var settings = Map.<String, Object>of("bootstrap.servers", "127.0.0.1:1", "max.block.ms", 200);
    var producers =
        new DefaultKafkaProducerFactory<>(
            settings, new ByteArraySerializer(), new ByteArraySerializer());
    var kafka = new KafkaTemplate<>(producers);
    var worker =
        new DeliveryWorker(
            new CountingMessenger(sent),
            new RecentDeliveries(SETTINGS),
            new DeliveryResults(kafka, Clock.systemUTC()),
            new DeliveryDeadLetters(
                new DeadLetterPublisher(kafka, "notification-service", Clock.systemUTC()),
                Clock.systemUTC()),
            publisher,
            SETTINGS,
            Clock.fixed(NOW, ZoneOffset.UTC),
            new SimpleMeterRegistry());
    var task = task();

    worker.work(task);
    var again = Task.of(rabbit.receive(WORK_QUEUE, 10_000));
    worker.work(again);

    assertThat(again.id()).isEqualTo(task.id());
    assertThat(again.attempts()).isZero();
    assertThat(sent).hasValue(1);
    assertThat(rabbit.receive(WORK_QUEUE, 10_000)).isNotNull();
    producers.destroy();
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

  private static Task task() {
    var delivery =
        Delivery.of(
            UUID.randomUUID(),
            1,
            Channel.EMAIL,
            UUID.randomUUID(),
            new Notice.OrderConfirmed(new Money(1, "EUR")));
    return Task.of(delivery, NOW, NOW.plusSeconds(60), TraceContext.fresh());
  }
}
