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
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
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

/** From an event on the log to the mail in the box, and every way in which that can go wrong. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "shop.notification.queue.retry-delays=150ms,300ms,600ms",
      "shop.notification.queue.max-attempts=12"
    })
@ContextConfiguration(initializers = BrokersInitializer.class)
@DirtiesContext
class MailJourneyTest {

  private static final MailBox BOX = new MailBox();
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static TestLog log;

  private final Shopper ada = Shopper.somebody();
  private final UUID order = UUID.randomUUID();

  @Autowired private RabbitTemplate rabbit;
  @LocalServerPort private int port;

  @DynamicPropertySource
  static void mailServer(DynamicPropertyRegistry properties) {
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
  }

  @Test
  void placedAndConfirmedOrderIsToldInTwoMails() throws Exception {
    log.append(ada.registers());
    var placed = ada.places(order);
    log.append(placed);
    log.append(ada.isConfirmed(order));

    awaitMails(2);
    var number = order.toString().substring(0, 8);
    assertThat(BOX.subjects(ada.email()))
        .containsExactlyInAnyOrder(
            "We have your order " + number, "Your order " + number + " is confirmed");
    var mail = mail("We have your order " + number);
    var delivery = delivery(1);
    assertThat(mail.getMessageID()).isEqualTo("<" + delivery + "@shop.test>");
    assertThat(mail.getHeader("X-Order-Id")).containsExactly(order.toString());
    assertThat(mail.getFrom()[0].toString()).isEqualTo("orders@shop.test");
    assertThat(plain(mail)).contains("2 x White <mug>: €25.80").contains("Total: €25.80");
    assertThat(html(mail)).contains("White &lt;mug&gt;").contains("€25.80");

    await().atMost(LIMIT).until(() -> TestLog.results(order).size() == 2);
    var results = TopicReader.about(Topics.NOTIFICATIONS, order);
    assertThat(results)
        .extracting(record -> Envelope.of(record.headers()).type())
        .containsOnly("shop.notification.sent.v1");
    assertThat(results)
        .extracting(record -> Envelope.of(record.headers()).trace().traceId())
        .contains(Envelope.of(placed.headers()).trace().traceId());
  }

  @Test
  void declinedPaymentIsExplainedInPlainWords() throws Exception {
    log.append(ada.registers());
    log.append(ada.isDeclined(order));

    awaitMails(1);
    var mail = BOX.of(ada.email()).getFirst();
    assertThat(mail.getSubject())
        .isEqualTo(
            "Your payment for order %s did not go through"
                .formatted(order.toString().substring(0, 8)));
    assertThat(plain(mail)).contains("does not have enough funds").contains("€25.80");
    assertThat(html(mail)).contains("does not have enough funds");
  }

  @Test
  void shipmentDeliveryAndRefundAreToldInAMailEach() throws Exception {
    log.append(ada.registers());
    log.append(ada.isShipped(order));
    log.append(ada.reads(order, "shop.order.delivered.v1", 4));
    log.append(ada.reads(order, "shop.order.refund-requested.v1", 5));
    log.append(ada.isRefunded(order, 6, 1290));
    log.append(ada.isRefunded(order, 7, 2580));

    awaitMails(4);
    var number = order.toString().substring(0, 8);
    assertThat(BOX.subjects(ada.email()))
        .containsExactlyInAnyOrder(
            "Your order " + number + " is on its way",
            "Your order " + number + " has arrived",
            "Part of your order " + number + " is refunded",
            "Your order " + number + " is refunded");
    var shipped = mail("Your order " + number + " is on its way");
    assertThat(plain(shipped)).contains("Example Post", "EX123456789DE");
    assertThat(html(shipped)).contains("Example Post", "EX123456789DE");
    assertThat(plain(mail("Part of your order " + number + " is refunded")))
        .contains("given €12.90 back", "Of the €25.80 that you paid, €12.90");
    assertThat(TestLog.deadLetters(order)).isEmpty();
  }

  @Test
  void cancelIsToldOnceItHappenedAndNotWhenItIsAskedFor() throws Exception {
    log.append(ada.registers());
    log.append(ada.reads(order, "shop.order.cancel-requested.v1", 2));
    log.append(ada.reads(order, "shop.order.cancelled.v1", 3));

    awaitMails(1);
    await().atMost(LIMIT).until(() -> !TestLog.results(order).isEmpty());
    var mail = BOX.of(ada.email()).getFirst();
    assertThat(mail.getSubject())
        .isEqualTo("Your order %s is cancelled".formatted(order.toString().substring(0, 8)));
    assertThat(plain(mail)).contains("Nothing was charged", "€25.80");
    assertThat(TestLog.results(order)).hasSize(1);
  }

  @Test
  void answerToACommandHasNoNumberAndIsPassedBy() {
    log.append(ada.registers());
    log.append(Shopper.answer(order));
    log.append(ada.isConfirmed(order));

    awaitMails(1);
    assertThat(TestLog.deadLetters(order)).isEmpty();
  }

  @Test
  void sameEventTwiceIsOneDeliveryAndOneMail() {
    log.append(ada.registers());
    log.append(ada.places(order));
    log.append(ada.places(order));

    await().atMost(LIMIT).until(() -> TestLog.results(order).size() == 2);
    assertThat(TopicReader.about(Topics.NOTIFICATIONS, order))
        .extracting(record -> Envelope.of(record.headers()).id())
        .hasSize(2)
        .containsOnly(resultId(1));
    assertThat(BOX.of(ada.email())).hasSize(1);
  }

  @Test
  void mailServerThatComesBackGetsTheMail() {
    log.append(ada.registers());
    BOX.goesAway();
    try {
      log.append(ada.places(order));
      await().atMost(LIMIT).until(() -> waiting() > 0);
    } finally {
      BOX.comesBack();
    }
    awaitMails(1);
    await().atMost(LIMIT).until(() -> TestLog.results(order).size() == 1);
    var sent =
        Json.MAPPER.readTree(TopicReader.about(Topics.NOTIFICATIONS, order).getFirst().value());
    assertThat(sent.get("attempts").intValue()).isGreaterThan(1);
    assertThat(TestLog.deadLetters(order)).isEmpty();
  }

  @Test
  void staleNoticeIsNotSent() {
    log.append(ada.registers());
    log.append(ada.placesAt(order, Instant.now().minus(Duration.ofHours(25))));
    log.append(ada.isConfirmed(order));

    awaitMails(1);
    await().atMost(LIMIT).until(() -> TestLog.results(order).size() == 2);
    assertThat(TestLog.results(order))
        .containsExactlyInAnyOrder("shop.notification.expired.v1", "shop.notification.sent.v1");
    assertThat(BOX.subjects(ada.email()).getFirst()).endsWith("is confirmed");
  }

  @Test
  void orderOfAnUnknownCustomerIsADeadLetterUntilHeIsKnown() {
    log.append(ada.places(order));

    var letter = awaitDeadLetter();
    assertThat(letter.topic()).isEqualTo("orders");
    assertThat(letter.cause().message()).contains(ada.id().toString()).contains("accounts");

    log.append(ada.registers());
    log.append(letter.redriven(1));
    awaitMails(1);
    awaitOutcome(letter, "shop.dead-letter.resolved.v1");
  }

  @Test
  void customerWhoRegisteredAMomentAgoIsKnown() {
    log.append(ada.registers());
    log.append(ada.places(order));

    awaitMails(1);
    assertThat(TestLog.deadLetters(order)).isEmpty();
  }

  @Test
  void firstRegistrationOfAnAccountWins() {
    var registered = ada.registers();
    log.append(registered);
    var other = Shopper.somebody();
    log.append(
        new ProducerRecord<>(
            registered.topic(),
            null,
            registered.key(),
            other.registers().value(),
            registered.headers()));
    log.append(ada.places(order));

    awaitMails(1);
    assertThat(BOX.of(other.email())).isEmpty();
  }

  @Test
  void poisonOnTheLogIsADeadLetterAndWhatFollowsGoesOn() {
    log.append(ada.registers());
    var poison = ada.places(order);
    log.append(
        new ProducerRecord<>(
            poison.topic(), null, poison.key(), new byte[] {'{', 0}, poison.headers()));
    var unnumbered = ada.places(order);
    unnumbered.headers().remove("ce_sequence");
    log.append(unnumbered);
    log.append(ada.isConfirmed(order));

    awaitMails(1);
    await().atMost(LIMIT).until(() -> TestLog.deadLetters(order).size() == 2);
    assertThat(TestLog.deadLetters(order))
        .anySatisfy(letter -> assertThat(letter.value()).isEqualTo(new byte[] {'{', 0}))
        .anySatisfy(letter -> assertThat(letter.cause().message()).contains("ce_sequence"));
  }

  @Test
  void whatFailsToTheEndIsADeadLetterThatAnAdminCanSendBack() {
    log.append(ada.registers());
    DeadLetter letter;
    BOX.goesAway();
    try {
      log.append(ada.places(order));
      letter = awaitDeadLetter();
    } finally {
      BOX.comesBack();
    }
    assertThat(letter.id())
        .isEqualTo("notification-service:rabbitmq:notifications.email:0:" + delivery(1));
    assertThat(letter.cause().attempts()).isEqualTo(12);
    assertThat(letter.eventSubject()).isEqualTo(order.toString());
    var body = Json.read(letter.value(), Delivery.class);
    assertThat(body.recipient()).isEqualTo(ada.id());
    assertThat(letter.value()).asString().doesNotContain(ada.email());

    log.append(letter.redriven(1));
    awaitMails(1);
    awaitOutcome(letter, "shop.dead-letter.resolved.v1");
  }

  @Test
  void hopelessAddressIsADeadLetterAtOnceAndAgain() {
    var typo = new Shopper("no address " + UUID.randomUUID());
    log.append(typo.registers());
    log.append(typo.places(order));

    var letter = awaitDeadLetter();
    assertThat(letter.topic()).isEqualTo("rabbitmq:notifications.email");
    assertThat(letter.cause().attempts()).isEqualTo(1);
    assertThat(letter.cause().exception()).endsWith("Undeliverable");
    assertThat(letter.cause().message()).doesNotContain(typo.email());

    log.append(letter.redriven(1));
    awaitOutcome(letter, "shop.dead-letter.failed-again.v1");
    assertThat(TestLog.deadLetters(order)).hasSize(1);
  }

  @Test
  void readyOnceItsConsumersRunAndNothingElseIsOpen() throws Exception {
    assertThat(status("/actuator/health/readiness")).isEqualTo(200);
    assertThat(status("/actuator/prometheus")).isEqualTo(200);
    assertThat(status("/notifications")).isEqualTo(401);
  }

  @Test
  void redriveForAnotherGroupIsPassedBy() {
    log.append(ada.registers());
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
    log.append(letter.redriven(1));
    log.append(ada.isConfirmed(order));

    awaitMails(1);
    assertThat(BOX.subjects(ada.email()).getFirst()).endsWith("is confirmed");
  }

  @Test
  void junkInTheQueueIsADeadLetter() {
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
  void whatRabbitGaveUpOnIsADeadLetter() {
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
    assertThat(letter.cause().exception()).endsWith("GivenUpByBroker");
  }

  @Test
  void unknownTypesAreSkipped() {
    log.append(ada.registers());
    log.append(Shopper.event(order, "shop.order.gift-wrapped.v1", 3, Instant.now(), Map.of()));
    log.append(ada.isConfirmed(order));

    awaitMails(1);
    assertThat(TestLog.deadLetters(order)).isEmpty();
  }

  private int status(String path) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private void awaitMails(int number) {
    await().atMost(LIMIT).until(() -> BOX.of(ada.email()).size() == number);
  }

  private DeadLetter awaitDeadLetter() {
    await().atMost(LIMIT).until(() -> !TestLog.deadLetters(order).isEmpty());
    return TestLog.deadLetters(order).getFirst();
  }

  private static void awaitOutcome(DeadLetter letter, String type) {
    await()
        .atMost(LIMIT)
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

  private int waiting() {
    return Stream.of(150, 300, 600)
        .map(delay -> "notifications.email.retry." + delay + "ms")
        .mapToInt(queue ->
            rabbit.execute(channel -> channel.queueDeclarePassive(queue).getMessageCount()))
        .sum();
  }

  private MimeMessage mail(String subject) {
    return BOX.of(ada.email()).stream()
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

  /** The alternatives lie in a related part of the mixed whole. */
  private static String part(MimeMessage mail, int index) throws Exception {
    var related = (Multipart) ((Multipart) mail.getContent()).getBodyPart(0).getContent();
    var alternatives = (Multipart) related.getBodyPart(0).getContent();
    assertThat(GreenMailUtil.getWholeMessage(mail)).contains("multipart/alternative");
    return alternatives.getBodyPart(index).getContent().toString();
  }
}
