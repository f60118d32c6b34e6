package shop.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.common.testkit.BrokersInitializer;
import shop.common.testkit.TopicReader;
import shop.local.broker.PostgresServer;
import shop.local.os.Ports;

/**
 * While PostgreSQL is away, tasks wait: no notice is lost or dead-lettered, or uses up attempts.
 */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "shop.notification.queue.retry-delays=150ms,300ms",
      "shop.notification.queue.max-attempts=2",
      "spring.datasource.hikari.connection-timeout=250"
    })
@ContextConfiguration(initializers = BrokersInitializer.class)
@DirtiesContext
@Tag("slow")
class DatabaseOutageTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final TestMailServer MAILS = new TestMailServer();

  /** More than shop.notification.queue.delivery-limit. */
  private static final int DEFERRALS = 22;

  @TempDir private static Path folder;
  private static PostgresServer postgres;
  private static TestTopics topics;

  private final Shopper ada = Shopper.random();
  private final Shopper bob = Shopper.random();

  @Autowired private MeterRegistry meters;

  /** The service starts while the database is away. */
  @DynamicPropertySource
  static void servers(DynamicPropertyRegistry properties) {
    postgres = new PostgresServer(folder, Ports.freeBlock(1));
    var database = postgres.schemas().endpoint("notification");
    properties.add("spring.datasource.url", database::url);
    properties.add("spring.datasource.username", database::user);
    properties.add("spring.datasource.password", database::password);
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
    postgres.stop();
  }

  @Test
  void noticesOfAnOutageAreSentAfterIt() {
    var first = UUID.randomUUID();
    topics.append(ada.registers());
    topics.append(ada.places(first));
    awaitDeferrals(DEFERRALS);
    assertThat(MAILS.mailsTo(ada.email())).isEmpty();

    postgres.start();
    awaitMail(ada, first);

    // and an account that registers, and orders, while the database is down again
    var second = UUID.randomUUID();
    postgres.kill();
    topics.append(bob.registers());
    topics.append(bob.places(second));
    awaitDeferrals(deferrals() + 2);

    postgres.start();
    awaitMail(bob, second);
    assertThat(MAILS.mailsTo(ada.email())).hasSize(1);
  }

  private static void awaitMail(Shopper shopper, UUID order) {
    await().atMost(TIMEOUT).until(() -> TestTopics.resultTypes(order).size() == 1);
    assertThat(MAILS.mailsTo(shopper.email())).hasSize(1);
    var result = TopicReader.about(Topics.NOTIFICATIONS, order).getFirst();
    assertThat(Json.MAPPER.readTree(result.value()).get("attempts").intValue()).isOne();
    assertThat(TestTopics.deadLetters(order)).isEmpty();
  }

  private void awaitDeferrals(double number) {
    await().atMost(TIMEOUT).until(() -> deferrals() >= number);
  }

  private double deferrals() {
    return meters
        .find("shop.notification.deliveries")
        .tag("outcome", "deferred")
        .counters()
        .stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }
}
