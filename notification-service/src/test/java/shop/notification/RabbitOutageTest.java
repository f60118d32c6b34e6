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
import org.junit.jupiter.api.Tag;
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

/** While RabbitMQ is unavailable, Kafka keeps the events: no notice is lost or dead-lettered. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "shop.notification.back-off.max-interval=1s")
@ContextConfiguration(initializers = BrokersInitializer.class)
@DirtiesContext
@Tag("slow")
class RabbitOutageTest {

  private static final TestMailServer MAILS = new TestMailServer();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir private static Path folder;
  private static RabbitBroker rabbit;
  private static TestTopics topics;

  private final Shopper ada = Shopper.random();

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
    properties.add("spring.mail.port", MAILS::port);
  }

  @BeforeAll
  static void open() {
    topics = new TestTopics();
  }

  @AfterAll
  static void close() {
    topics.close();
    MAILS.stop();
    rabbit.stop();
  }

  @Test
  void eventsOfAnOutageCauseMailsAfterItAndNoDeadLetters() {
    topics.append(ada.registers());
    persistQueues();
    int before = pauses.count.get();
    rabbit.kill();
    List<UUID> orders = Stream.generate(UUID::randomUUID).limit(30).toList();
    try {
      for (var order : orders) {
        topics.append(ada.places(order));
        topics.append(ada.isConfirmed(order));
      }
      await().atMost(TIMEOUT).until(() -> pauses.count.get() > before);
      assertThat(members()).as("the consumer keeps polling").isEqualTo(1);
      assertThat(MAILS.mailsTo(ada.email())).isEmpty();
    } finally {
      rabbit.start();
    }

    await().atMost(TIMEOUT).until(() -> MAILS.mailsTo(ada.email()).size() >= 60);
    assertThat(MAILS.subjects(ada.email())).doesNotHaveDuplicates().hasSize(60);
    for (var order : orders) {
      assertThat(TestTopics.deadLetters(order)).isEmpty();
    }
  }

  @Test
  void missingQueueIsDetectedAndDeclaredAgain() {
    var order = UUID.randomUUID();
    topics.append(ada.registers());
    queues.deleteQueue("notifications.email");
    topics.append(ada.places(order));

    await().atMost(TIMEOUT).until(() -> !MAILS.mailsTo(ada.email()).isEmpty());
    assertThat(TestTopics.deadLetters(order)).isEmpty();
  }

  /**
   * RabbitMQ 3.10 stores the metadata of a new quorum queue a little later than it confirms the
   * declaration. A kill in between leaves a queue that responds to every consumer with an internal
   * error. A clean stop stores everything.
   */
  private static void persistQueues() {
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
