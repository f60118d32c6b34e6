package shop.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.event.ConsumerPausedEvent;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.common.testkit.BrokersInitializer;
import shop.local.broker.Brokers;
import shop.local.broker.RabbitBroker;
import shop.local.os.Ports;

/** While RabbitMQ is away the log keeps what is to be told; nothing is lost, nothing given up. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "shop.notification.outage.longest-pause=1s")
@ContextConfiguration(initializers = BrokersInitializer.class)
@DirtiesContext
class RabbitOutageTest {

  private static final MailBox BOX = new MailBox();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private static Path folder;
  private static RabbitBroker rabbit;
  private static TestLog log;

  private final Shopper ada = Shopper.somebody();

  @Autowired private AmqpAdmin queues;
  @Autowired private Pauses pauses;

  @DynamicPropertySource
  static void servers(DynamicPropertyRegistry properties) {
    rabbit = new RabbitBroker(folder, Ports.freeBlock(RabbitBroker.PORTS));
    rabbit.start();
    var endpoint = rabbit.endpoint();
    properties.add("spring.rabbitmq.host", endpoint::host);
    properties.add("spring.rabbitmq.port", endpoint::port);
    properties.add("spring.rabbitmq.username", endpoint::user);
    properties.add("spring.rabbitmq.password", endpoint::password);
    properties.add("spring.mail.host", () -> "127.0.0.1");
    properties.add("spring.mail.port", BOX::port);
  }

  @BeforeAll
  static void open() {
    log = new TestLog();
  }

  @AfterAll
  static void close() {
    log.close();
    BOX.goesAway();
    rabbit.stop();
  }

  @Test
  void eventsOfAnOutageAreToldAfterItWithoutADeadLetter() {
    log.append(ada.registers());
    queuesAreOnDisk();
    int before = pauses.count.get();
    rabbit.kill();
    List<UUID> orders = Stream.generate(UUID::randomUUID).limit(30).toList();
    try {
      for (var order : orders) {
        log.append(ada.places(order));
        log.append(ada.isConfirmed(order));
      }
      await().atMost(LIMIT).until(() -> pauses.count.get() > before);
      assertThat(members()).as("it keeps polling").isEqualTo(1);
      assertThat(BOX.of(ada.email())).isEmpty();
    } finally {
      rabbit.start();
    }

    await().atMost(LIMIT).until(() -> BOX.of(ada.email()).size() >= 60);
    assertThat(BOX.subjects(ada.email())).doesNotHaveDuplicates().hasSize(60);
    for (var order : orders) {
      assertThat(TestLog.deadLetters(order)).isEmpty();
    }
  }

  @Test
  void missingQueueIsNoticedAndDeclaredAgain() {
    var order = UUID.randomUUID();
    log.append(ada.registers());
    queues.deleteQueue("notifications.email");
    log.append(ada.places(order));

    await().atMost(LIMIT).until(() -> !BOX.of(ada.email()).isEmpty());
    assertThat(TestLog.deadLetters(order)).isEmpty();
  }

  /**
   * RabbitMQ 3.10 writes a new quorum queue's place down a little later than it confirms it, and a
   * kill in between leaves a queue that answers every consumer with an internal error. After a
   * clean stop everything is written.
   */
  private static void queuesAreOnDisk() {
    rabbit.stop();
    rabbit.start();
  }

  private static int members() throws AssertionError {
    try (var admin = Admin.create(Map.of("bootstrap.servers", Brokers.kafka()))) {
      return admin
          .describeConsumerGroups(List.of("notification-service"))
          .describedGroups()
          .get("notification-service")
          .get()
          .members()
          .size();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Counts how often the consumer paused its partitions. */
  @TestConfiguration
  static class Pauses {
    private final AtomicInteger count = new AtomicInteger();

    @EventListener
    void on(ConsumerPausedEvent event) {
      count.incrementAndGet();
    }
  }
}
