package shop.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMailUtil;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.event.Envelope;
import shop.common.id.Uuids;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.common.testkit.BrokersInitializer;
import shop.common.testkit.TopicReader;
import shop.notification.result.DeliveryTable;

/** From an event on Kafka to the mail in the mailbox, and each failure on that way. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "shop.notification.queue.retry-delays=150ms,300ms,600ms",
      "shop.notification.queue.max-attempts=12"
    })
@ContextConfiguration(initializers = BrokersInitializer.class)
@DirtiesContext
@Tag("slow")
class MailJourneyTest {

  private static final TestMailServer MAILS = new TestMailServer();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static TestTopics topics;

  private final Shopper ada = Shopper.random();
  private final UUID order = UUID.randomUUID();

  @Autowired private RabbitTemplate rabbit;
  @Autowired private DeliveryTable deliveries;
  @LocalServerPort private int port;
  @LocalManagementPort private int managementPort;

  @DynamicPropertySource
  static void mailServer(DynamicPropertyRegistry properties) {
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
  }

  @Test
  void placedAndConfirmedOrderCausesTwoMails() throws Exception {
    topics.append(ada.registers());
    var placed = ada.places(order);
    topics.append(placed);
    topics.append(ada.isConfirmed(order));

    awaitMails(2);
    var number = order.toString().substring(0, 8);
    assertThat(MAILS.subjects(ada.email()))
        .containsExactlyInAnyOrder(
            "We have received your order " + number, "Your order " + number + " is confirmed");
    var mail = mail("We have received your order " + number);
    var delivery = delivery(1);
    assertThat(mail.getMessageID()).isEqualTo("<" + delivery + "@shop.test>");
    assertThat(mail.getHeader("X-Order-Id")).containsExactly(order.toString());
    assertThat(mail.getFrom()[0].toString()).isEqualTo("orders@shop.test");
    assertThat(plain(mail)).contains("2 x White <mug>: €25.80").contains("Total: €25.80");
    assertThat(html(mail)).contains("White &lt;mug&gt;").contains("€25.80");

    await().atMost(TIMEOUT).until(() -> TestTopics.resultTypes(order).size() == 2);
    var results = TopicReader.about(Topics.NOTIFICATIONS, order);
    assertThat(results)
        .extracting(record -> Envelope.of(record.headers()).type())
        .containsOnly("shop.notification.sent.v1");
    assertThat(results)
        .extracting(record -> Envelope.of(record.headers()).trace().traceId())
        .contains(Envelope.of(placed.headers()).trace().traceId());
  }

  @Test
  void declinedPaymentIsExplained() throws Exception {
    topics.append(ada.registers());
    topics.append(ada.isDeclined(order));

    awaitMails(1);
    var mail = MAILS.mailsTo(ada.email()).getFirst();
    assertThat(mail.getSubject())
        .isEqualTo(
            "Your payment for order %s did not go through"
                .formatted(order.toString().substring(0, 8)));
    assertThat(plain(mail)).contains("does not have enough funds").contains("€25.80");
    assertThat(html(mail)).contains("does not have enough funds");
  }

  @Test
  void shipmentDeliveryAndRefundsCauseOneMailEach() throws Exception {
    topics.append(ada.registers());
    topics.append(ada.isShipped(order));
    topics.append(ada.orderEvent(order, "shop.order.delivered.v1", 4));
    topics.append(ada.orderEvent(order, "shop.order.refund-requested.v1", 5));
    topics.append(ada.isRefunded(order, 6, 1290));
    topics.append(ada.isRefunded(order, 7, 2580));

    awaitMails(4);
    var number = order.toString().substring(0, 8);
    assertThat(MAILS.subjects(ada.email()))
        .containsExactlyInAnyOrder(
            "Your order " + number + " is on its way",
            "Your order " + number + " has arrived",
            "Part of your order " + number + " has been refunded",
            "Your order " + number + " has been refunded");
    var shipped = mail("Your order " + number + " is on its way");
    assertThat(plain(shipped)).contains("Example Post", "EX123456789DE");
    assertThat(html(shipped)).contains("Example Post", "EX123456789DE");
    assertThat(plain(mail("Part of your order " + number + " has been refunded")))
        .contains("refunded €12.90 to the card", "Of the €25.80 that you paid, €12.90");
    assertThat(TestTopics.deadLetters(order)).isEmpty();
  }

  @Test
  void cancellationCausesAMailButItsRequestDoesNot() throws Exception {
    topics.append(ada.registers());
    topics.append(ada.orderEvent(order, "shop.order.cancel-requested.v1", 2));
    topics.append(ada.orderEvent(order, "shop.order.cancelled.v1", 3));

    awaitMails(1);
    await().atMost(TIMEOUT).until(() -> !TestTopics.resultTypes(order).isEmpty());
    var mail = MAILS.mailsTo(ada.email()).getFirst();
    assertThat(mail.getSubject())
        .isEqualTo("Your order %s is cancelled".formatted(order.toString().substring(0, 8)));
    assertThat(plain(mail)).contains("Nothing was charged", "€25.80");
    assertThat(TestTopics.resultTypes(order)).hasSize(1);
  }

  @Test
  void recordsOfTypesWithoutASequenceNumberAreSkipped() {
    topics.append(ada.registers());
    topics.append(Shopper.unnumbered(order, "shop.order.command-answered.v1"));
    topics.append(Shopper.unnumbered(order, "shop.order.withheld.v1"));
    topics.append(Shopper.unnumbered(order, "shop.order.withheld-ended.v1"));
    topics.append(ada.isConfirmed(order));

    awaitMails(1);
    assertThat(TestTopics.deadLetters(order)).isEmpty();
  }

  @Test
  void duplicateEventCausesOneDeliveryAndOneMail() {
    topics.append(ada.registers());
    topics.append(ada.places(order));
    topics.append(ada.places(order));

    await().atMost(TIMEOUT).until(() -> TestTopics.resultTypes(order).size() == 2);
    assertThat(TopicReader.about(Topics.NOTIFICATIONS, order))
        .extracting(record -> Envelope.of(record.headers()).id())
        .hasSize(2)
        .containsOnly(resultId(1));
    assertThat(MAILS.mailsTo(ada.email())).hasSize(1);
  }

  @Test
  void deliveryThatAnotherInstanceSentIsNotSentAgain() {
    topics.append(ada.registers());
    topics.append(ada.result(order, 1, "shop.notification.sent.v1", Map.of("attempts", 1)));
    topics.append(ada.result(order, 2, "shop.notification.expired.v1", Map.of()));
    await().atMost(TIMEOUT).until(() -> deliveries.wasSent(delivery(1)));

    topics.append(ada.places(order));
    topics.append(ada.isConfirmed(order));

    awaitMails(1);
    assertThat(MAILS.subjects(ada.email()).getFirst()).endsWith("is confirmed");
    await().atMost(TIMEOUT).until(() -> deliveries.wasSent(delivery(2)));
    assertThat(MAILS.mailsTo(ada.email())).hasSize(1);
  }

  @Test
  void mailIsSentAfterTheMailServerIsAvailableAgain() {
    topics.append(ada.registers());
    MAILS.stop();
    try {
      topics.append(ada.places(order));
      await().atMost(TIMEOUT).until(() -> messagesInRetryQueues() > 0);
    } finally {
      MAILS.restart();
    }
    awaitMails(1);
    await().atMost(TIMEOUT).until(() -> TestTopics.resultTypes(order).size() == 1);
    var sent =
        Json.MAPPER.readTree(TopicReader.about(Topics.NOTIFICATIONS, order).getFirst().value());
    assertThat(sent.get("attempts").intValue()).isGreaterThan(1);
    assertThat(TestTopics.deadLetters(order)).isEmpty();
  }

  @Test
  void expiredNoticeIsNotSent() {
    topics.append(ada.registers());
    topics.append(ada.placesAt(order, Instant.now().minus(Duration.ofHours(25))));
    topics.append(ada.isConfirmed(order));

    awaitMails(1);
    await().atMost(TIMEOUT).until(() -> TestTopics.resultTypes(order).size() == 2);
    assertThat(TestTopics.resultTypes(order))
        .containsExactlyInAnyOrder("shop.notification.expired.v1", "shop.notification.sent.v1");
    assertThat(MAILS.subjects(ada.email()).getFirst()).endsWith("is confirmed");
  }

  @Test
  void orderOfAnUnknownCustomerIsADeadLetterUntilTheAccountIsRegistered() {
    topics.append(ada.places(order));

    var letter = awaitDeadLetter();
    assertThat(letter.topic()).isEqualTo("rabbitmq:notifications.email");
    assertThat(letter.cause().attempts()).isOne();
    assertThat(letter.cause().message()).contains(ada.id().toString()).contains("accounts");

    topics.append(ada.registers());
    topics.append(letter.redriven(1));
    awaitMails(1);
    awaitOutcome(letter, "shop.dead-letter.resolved.v1");
  }

  @Test
  void customerRegisteredJustBeforeTheOrderIsFound() {
    topics.append(ada.registers());
    topics.append(ada.places(order));

    awaitMails(1);
    assertThat(TestTopics.deadLetters(order)).isEmpty();
  }

  @Test
  void firstRegistrationOfAnAccountWins() {
    var registered = ada.registers();
    topics.append(registered);
    var other = Shopper.random();
    topics.append(
        new ProducerRecord<>(
            registered.topic(),
            null,
            registered.key(),
            other.registers().value(),
            registered.headers()));
    topics.append(ada.places(order));

    awaitMails(1);
    assertThat(MAILS.mailsTo(other.email())).isEmpty();
  }

  @Test
  void poisonRecordIsADeadLetterAndLaterEventsAreProcessed() {
    topics.append(ada.registers());
    var poison = ada.places(order);
    topics.append(
        new ProducerRecord<>(
            poison.topic(), null, poison.key(), new byte[] {'{', 0}, poison.headers()));
    var withoutSequence = ada.places(order);
    withoutSequence.headers().remove("ce_sequence");
    topics.append(withoutSequence);
    topics.append(ada.isConfirmed(order));

    awaitMails(1);
    await().atMost(TIMEOUT).until(() -> TestTopics.deadLetters(order).size() == 2);
    assertThat(TestTopics.deadLetters(order))
        .anySatisfy(letter -> assertThat(letter.value()).isEqualTo(new byte[] {'{', 0}))
        .anySatisfy(letter -> assertThat(letter.cause().message()).contains("ce_sequence"));
  }

  @Test
  void deliveryWithoutAttemptsLeftIsADeadLetterThatCanBeRedriven() {
    topics.append(ada.registers());
    DeadLetter letter;
    MAILS.stop();
    try {
      topics.append(ada.places(order));
      letter = awaitDeadLetter();
    } finally {
      MAILS.restart();
    }
    assertThat(letter.id())
        .isEqualTo("notification-service:rabbitmq:notifications.email:0:" + delivery(1));
    assertThat(letter.cause().attempts()).isEqualTo(12);
    assertThat(letter.eventSubject()).isEqualTo(order.toString());
    var body = Json.read(letter.value(), Delivery.class);
    assertThat(body.recipient()).isEqualTo(ada.id());
    assertThat(letter.value()).asString().doesNotContain(ada.email());

    topics.append(letter.redriven(1));
    awaitMails(1);
    awaitOutcome(letter, "shop.dead-letter.resolved.v1");
  }

  @Test
  void malformedAddressIsADeadLetterImmediatelyAndAfterRedrive() {
    var typo = new Shopper("no address " + UUID.randomUUID());
    topics.append(typo.registers());
    topics.append(typo.places(order));

    var letter = awaitDeadLetter();
    assertThat(letter.topic()).isEqualTo("rabbitmq:notifications.email");
    assertThat(letter.cause().attempts()).isEqualTo(1);
    assertThat(letter.cause().exception()).endsWith("PermanentDeliveryFailure");
    assertThat(letter.cause().message()).doesNotContain(typo.email());

    topics.append(letter.redriven(1));
    awaitOutcome(letter, "shop.dead-letter.failed-again.v1");
    assertThat(TestTopics.deadLetters(order)).hasSize(1);
  }

  @Test
  void readyAndMetricsArePublicAndOtherPathsAreNot() throws Exception {
    assertThat(status("/readyz")).isEqualTo(200);
    assertThat(status("/livez")).isEqualTo(200);
    assertThat(status(managementPort, "/actuator/prometheus")).isEqualTo(200);
    assertThat(status("/notifications")).isEqualTo(401);
  }

  @Test
  void theServingPortHasNoActuator() throws Exception {
    for (var path : List.of("/actuator", "/actuator/prometheus", "/actuator/health/readiness")) {
      assertThat(status(path)).as(path).isEqualTo(404);
    }
  }

  @Test
  void redriveForAnotherGroupIsSkipped() {
    topics.append(ada.registers());
    var letter =
        new DeadLetter(
            "notification-service",
            "another-group",
            "orders",
            0,
            UUID.randomUUID().toString(),
            Instant.now(),
            new Cause("X", "", "", 1),
            ada.places(order).key(),
            ada.places(order).value(),
            ada.places(order).headers());
    topics.append(letter.redriven(1));
    topics.append(ada.isConfirmed(order));

    awaitMails(1);
    assertThat(MAILS.subjects(ada.email()).getFirst()).endsWith("is confirmed");
  }

  @Test
  void malformedMessageInTheQueueIsADeadLetter() {
    rabbit.convertAndSend(
        "",
        "notifications.email",
        "no delivery",
        message -> {
          message.getMessageProperties().setHeader("ce_subject", order.toString());
          return message;
        });

    var letter = awaitDeadLetter();
    assertThat(letter.topic()).isEqualTo("rabbitmq:notifications.email");
    assertThat(letter.value()).asString().isEqualTo("no delivery");
  }

  @Test
  void messageDeadLetteredByRabbitIsADeadLetter() {
    rabbit.convertAndSend(
        "notifications.given-up",
        "notifications.email",
        "some bytes",
        message -> {
          message.getMessageProperties().setHeader("ce_subject", order.toString());
          return message;
        });

    var letter = awaitDeadLetter();
    assertThat(letter.topic()).isEqualTo("rabbitmq:notifications.email");
    assertThat(letter.cause().exception()).endsWith("BrokerDeadLettered");
  }

  @Test
  void unknownTypesAreSkipped() {
    topics.append(ada.registers());
    topics.append(Shopper.event(order, "shop.order.gift-wrapped.v1", 3, Instant.now(), Map.of()));
    topics.append(ada.isConfirmed(order));

    awaitMails(1);
    assertThat(TestTopics.deadLetters(order)).isEmpty();
  }

  private int status(String path) throws Exception {
    return status(port, path);
  }

  private static int status(int port, String path) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private void awaitMails(int number) {
    await().atMost(TIMEOUT).until(() -> MAILS.mailsTo(ada.email()).size() == number);
  }

  private DeadLetter awaitDeadLetter() {
    await().atMost(TIMEOUT).until(() -> !TestTopics.deadLetters(order).isEmpty());
    return TestTopics.deadLetters(order).getFirst();
  }

  private static void awaitOutcome(DeadLetter letter, String type) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(() ->
            assertThat(TopicReader.about(Topics.DEAD_LETTER_ACTIONS, letter.id()))
                .extracting(record -> Envelope.of(record.headers()).type())
                .containsExactly(type));
  }

  private UUID delivery(long sequence) {
    return Uuids.v5(order, sequence + "/email/" + ada.id());
  }

  private String resultId(long sequence) {
    return Uuids.v5(delivery(sequence), "shop.notification.sent.v1").toString();
  }

  private int messagesInRetryQueues() {
    return Stream.of(150, 300, 600)
        .map(delay -> "notifications.email.retry." + delay + "ms")
        .mapToInt(queue ->
            rabbit.execute(channel -> channel.queueDeclarePassive(queue).getMessageCount()))
        .sum();
  }

  private MimeMessage mail(String subject) {
    return MAILS.mailsTo(ada.email()).stream()
        .filter(mail -> {
          try {
            return mail.getSubject().equals(subject);
          } catch (MessagingException e) {
            throw new AssertionError(e);
          }
        })
        .findFirst()
        .orElseThrow();
  }

  private static String plain(MimeMessage mail) throws Exception {
    return part(mail, 0);
  }

  private static String html(MimeMessage mail) throws Exception {
    return part(mail, 1);
  }

  /** The multipart/alternative is inside a multipart/related inside the multipart/mixed. */
  private static String part(MimeMessage mail, int index) throws Exception {
    var related = (Multipart) ((Multipart) mail.getContent()).getBodyPart(0).getContent();
    var alternatives = (Multipart) related.getBodyPart(0).getContent();
    assertThat(GreenMailUtil.getWholeMessage(mail)).contains("multipart/alternative");
    return alternatives.getBodyPart(index).getContent().toString();
  }
}
