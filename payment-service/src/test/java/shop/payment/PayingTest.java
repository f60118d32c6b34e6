package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.payment.Kafka.awaitDeadLetter;
import static shop.payment.Kafka.awaitTypes;
import static shop.payment.Kafka.place;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topics;

/** An instance of payment-service against the real sandbox and the real broker. */
class PayingTest {

  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";
  private static final String DECLINED = "shop.payment.declined.v1";

  /** Bytes: with what goes around them, as much as Kafka takes. */
  private static final int LARGEST = 1_048_400;

  @RegisterExtension private static final ServiceUnderTest STAGE = ServiceUnderTest.usual();

  private final Sandbox sandbox = STAGE.sandbox();

  @Test
  void placedOrderIsChargedOnce() {
    var due = place("pm_card_visa");

    awaitTypes(due, STARTED, CAPTURED);
    var charges = sandbox.ledger(due.orderId());
    assertThat(charges).hasSize(1);
    assertThat(charges.get(0).get("kind").asString()).isEqualTo("charge");
    assertThat(charges.get(0).get("amount").asLong()).isEqualTo(2580);
    assertThat(charges.get(0).get("currency").asString()).isEqualTo("eur");
  }

  @Test
  void declineIsAResultWithItsReason() {
    var due = place("pm_card_visa_chargeDeclinedInsufficientFunds");

    awaitTypes(due, STARTED, DECLINED);
    var declined =
        Json.read(Kafka.payments(due).toList().getLast().value(), PaymentEvent.Declined.class);
    assertThat(declined.reason()).isEqualTo("insufficient_funds");
    assertThat(sandbox.ledger(due.orderId())).isEmpty();
  }

  @Test
  void declineWithoutADeclineCodeHasTheErrorsCode() {
    var due = place("pm_card_chargeDeclinedExpiredCard");

    awaitTypes(due, STARTED, DECLINED);
    assertThat(STAGE.service().bean(Payments.class).find(due.orderId()).orElseThrow().reason())
        .isEqualTo("expired_card");
  }

  @Test
  void needForAuthenticationIsADecline() {
    var due = place("pm_card_authenticationRequired");

    awaitTypes(due, STARTED, DECLINED);
  }

  @Test
  void bankDebitIsAskedForUntilItHasAResult() {
    var due = place("pm_usBankAccount_success");

    awaitTypes(due, STARTED, CAPTURED);
    assertThat(sandbox.ledger(due.orderId())).hasSize(1);
  }

  @Test
  void samePlacedEventTwiceIsOneCharge() {
    var due = Kafka.due("pm_card_visa");
    Kafka.send(Kafka.placed(due));
    var second = Kafka.send(Kafka.placed(due));

    await().until(() -> Kafka.committed(second) > second.offset());
    await().until(() -> Kafka.types(due).contains(CAPTURED));
    assertThat(sandbox.ledger(due.orderId())).hasSize(1);
  }

  @Test
  void chargeWhoseAnswerWasLostIsFoundAndNotRepeated() {
    var due = Kafka.due("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"timeout_after_capture","orderId":"%s","hold":"PT3S"}\
        """
            .formatted(due.orderId()));
    Kafka.send(Kafka.placed(due));

    awaitTypes(due, STARTED, CAPTURED);
    assertThat(sandbox.ledger(due.orderId())).hasSize(1);
  }

  @Test
  void storedErrorIsNotAskedForAgain() {
    var due = Kafka.due("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","orderId":"%s","operation":"create","times":2}\
        """
            .formatted(due.orderId()));
    Kafka.send(Kafka.placed(due));

    awaitTypes(due, STARTED, CAPTURED);
    var started =
        Json.read(
            Kafka.payments(due).findFirst().orElseThrow().value(), PaymentEvent.Started.class);
    assertThat(started.attempt()).isEqualTo(3);
  }

  @Test
  void storedErrorOfAConfirmationIsNotAskedForAgain() {
    var due = Kafka.due("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","orderId":"%s","operation":"confirm","times":2}\
        """
            .formatted(due.orderId()));
    Kafka.send(Kafka.placed(due));

    awaitTypes(due, STARTED, CAPTURED);
    assertThat(sandbox.ledger(due.orderId())).hasSize(1);
  }

  @Test
  void errorAfterTheChargeIsNoSecondCharge() {
    var due = Kafka.due("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","orderId":"%s","operation":"confirm","after":true,"times":1}\
        """
            .formatted(due.orderId()));
    Kafka.send(Kafka.placed(due));

    awaitTypes(due, STARTED, CAPTURED);
    assertThat(sandbox.ledger(due.orderId())).hasSize(1);
  }

  @Test
  void rateLimitsResetsAndConflictsPass() {
    sandbox.faults(
        """
        {"kind":"rate_limit","share":0.3,"times":10}\
        """,
        """
        {"kind":"connection_reset","share":0.3,"times":10}\
        """,
        """
        {"kind":"conflict","share":0.3,"times":10}\
        """);

    var dues = IntStream.range(0, 20).mapToObj(_ -> place("pm_card_visa")).toList();

    dues.forEach(due -> awaitTypes(due, STARTED, CAPTURED));
    dues.forEach(due -> assertThat(sandbox.ledger(due.orderId())).hasSize(1));
  }

  @Test
  void orderThatAlwaysFailsBecomesADeadLetterWhileOthersGoOn() {
    var failing = Kafka.due("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","orderId":"%s"}\
        """
            .formatted(failing.orderId()));
    var record = Kafka.placed(failing);
    var place = Kafka.send(record);
    var others = IntStream.range(0, 10).mapToObj(_ -> place("pm_card_visa")).toList();

    others.forEach(due -> awaitTypes(due, STARTED, CAPTURED));
    var letter = awaitDeadLetter(place);
    assertThat(letter.cause().attempts()).isEqualTo(8);
    assertThat(letter.group()).isEqualTo("payment-service");
    assertThat(letter.key()).isEqualTo(record.key());
    assertThat(letter.value()).isEqualTo(record.value());
    assertThat(headers(letter.headers())).isEqualTo(headers(record.headers()));
    assertThat(Kafka.types(failing)).isEmpty();
  }

  @Test
  void redrivenDeadLetterGoesThroughAndSaysSo() {
    var due = Kafka.due("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","orderId":"%s"}\
        """
            .formatted(due.orderId()));
    var place = Kafka.send(Kafka.placed(due));
    var letter = awaitDeadLetter(place);

    Kafka.send(letter.redriven(1));
    await().until(() -> actions(letter.id()).equals(List.of("shop.dead-letter.failed-again.v1")));
    sandbox.noFaults();
    Kafka.send(letter.redriven(2));

    awaitTypes(due, STARTED, CAPTURED);
    await()
        .until(() ->
            actions(letter.id())
                .equals(
                    List.of("shop.dead-letter.failed-again.v1", "shop.dead-letter.resolved.v1")));
    assertThat(sandbox.ledger(due.orderId())).hasSize(1);
  }

  @Test
  void redriveForAnotherGroupIsPassedBy() {
    var due = Kafka.due("pm_card_visa");
    var placed = Kafka.placed(due);
    new Redrive("entry", 1, "payment-audit", "orders").mark(placed.headers());
    var place =
        Kafka.send(
            new ProducerRecord<>(
                Topics.PAYMENT_REDRIVE.name(),
                null,
                placed.key(),
                placed.value(),
                placed.headers()));

    await().until(() -> Kafka.committed(place) > place.offset());
    assertThat(Kafka.types(due)).isEmpty();
  }

  @Test
  void unknownPaymentMethodIsADeadLetterAtOnce() {
    var due = Kafka.due("pm_card_nobody_knows");
    var place = Kafka.send(Kafka.placed(due));

    var letter = awaitDeadLetter(place);
    assertThat(letter.cause().attempts()).isEqualTo(1);
    assertThat(Kafka.types(due)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, LARGEST})
  void poisonIsADeadLetterAndThePartitionMovesOn(int size) {
    byte[] poison = new byte[size];
    Arrays.fill(poison, (byte) 0xff);
    var place =
        Kafka.send(new ProducerRecord<>("orders", 3, "k".getBytes(StandardCharsets.UTF_8), poison));
    var due = Kafka.due("pm_card_visa");
    var behind = Kafka.placed(due);
    Kafka.send(
        new ProducerRecord<>("orders", 3, null, behind.key(), behind.value(), behind.headers()));

    awaitTypes(due, STARTED, CAPTURED);
    var letter = awaitDeadLetter(place);
    assertThat(letter.value()).isEqualTo(poison);
    await().until(() -> Kafka.committed(place) > place.offset());
  }

  @Test
  void orderEventWithoutASequenceIsADeadLetter() {
    var due = Kafka.due("pm_card_visa");
    var placed = Kafka.placed(due);
    placed.headers().remove("ce_sequence");
    var place = Kafka.send(placed);

    awaitDeadLetter(place);
    assertThat(sandbox.ledger(due.orderId())).isEmpty();
  }

  @Test
  void brokenDataAreADeadLetter() {
    var envelope = Envelope.of(Kafka.placed(Kafka.due("pm_card_visa")).headers());
    var place = Kafka.send(envelope.record("orders", Map.of("customerId", UUID.randomUUID())));

    awaitDeadLetter(place);
  }

  @Test
  void slowCallHoldsNobodyUp() {
    var slow = Kafka.due("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"latency","orderId":"%s","latency":"PT0.7S"}\
        """
            .formatted(slow.orderId()));
    Kafka.send(Kafka.placed(slow));
    var others = IntStream.range(0, 20).mapToObj(_ -> place("pm_card_visa")).toList();

    others.forEach(due -> awaitTypes(due, STARTED, CAPTURED));
    awaitTypes(slow, STARTED, CAPTURED);
    assertThat(sandbox.ledger(slow.orderId())).hasSize(1);
  }

  private static List<String> actions(String entry) {
    return Kafka.read(Topics.DEAD_LETTER_ACTIONS.name())
        .filter(record -> entry.equals(Kafka.text(record.key())))
        .map(record -> Envelope.of(record.headers()).type())
        .toList();
  }

  private static List<String> headers(Headers headers) {
    return StreamSupport.stream(headers.spliterator(), false)
        .map(header -> header.key() + "=" + Kafka.text(header.value()))
        .toList();
  }
}
