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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.payment.books.ProviderBooks;
import shop.payment.books.ProviderBooks.BookedCharge;

/** An instance of payment-service with the real sandbox and a real broker. */
@Tag("slow")
class PayingTest {

  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";
  private static final String DECLINED = "shop.payment.declined.v1";

  /** Bytes: with the record's overhead, the broker's limit for a record. */
  private static final int LARGEST = 1_048_400;

  @RegisterExtension private static final ServiceUnderTest SERVICE = ServiceUnderTest.standard();

  private final Sandbox sandbox = SERVICE.sandbox();

  @Test
  void placedOrderIsChargedOnce() {
    var order = place("pm_card_visa");

    awaitTypes(order, STARTED, CAPTURED);
    var charges = sandbox.ledger(order.orderId());
    assertThat(charges).hasSize(1);
    assertThat(charges.get(0).get("kind").asString()).isEqualTo("charge");
    assertThat(charges.get(0).get("amount").asLong()).isEqualTo(2580);
    assertThat(charges.get(0).get("currency").asString()).isEqualTo("eur");
  }

  @Test
  void declineIsLoggedWithItsReason() {
    var order = place("pm_card_visa_chargeDeclinedInsufficientFunds");

    awaitTypes(order, STARTED, DECLINED);
    var declined =
        Json.read(Kafka.payments(order).toList().getLast().value(), PaymentEvent.Declined.class);
    assertThat(declined.reason()).isEqualTo("insufficient_funds");
    assertThat(sandbox.ledger(order.orderId())).isEmpty();
  }

  @Test
  void declineWithoutADeclineCodeHasTheErrorCode() {
    var order = place("pm_card_chargeDeclinedExpiredCard");

    awaitTypes(order, STARTED, DECLINED);
    assertThat(
            SERVICE.instance().bean(Payments.class).current(order.orderId()).orElseThrow().reason())
        .isEqualTo("expired_card");
  }

  @Test
  void requiredAuthenticationIsADecline() {
    var order = place("pm_card_authenticationRequired");

    awaitTypes(order, STARTED, DECLINED);
  }

  @Test
  void pendingBankDebitIsRetrievedUntilItHasAResult() {
    var order = place("pm_usBankAccount_success");

    awaitTypes(order, STARTED, CAPTURED);
    assertThat(sandbox.ledger(order.orderId())).hasSize(1);
  }

  @Test
  void duplicatePlacedEventIsOneCharge() {
    var order = Kafka.newOrder("pm_card_visa");
    Kafka.send(Kafka.placed(order));
    var second = Kafka.send(Kafka.placed(order));

    await().until(() -> Kafka.committed(second) > second.offset());
    await().until(() -> Kafka.types(order).contains(CAPTURED));
    assertThat(sandbox.ledger(order.orderId())).hasSize(1);
  }

  @Test
  void chargeWhoseResponseWasLostIsFoundAndNotRepeated() {
    var order = Kafka.newOrder("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"timeout_after_capture","orderId":"%s","hold":"PT3S"}\
        """
            .formatted(order.orderId()));
    Kafka.send(Kafka.placed(order));

    awaitTypes(order, STARTED, CAPTURED);
    assertThat(sandbox.ledger(order.orderId())).hasSize(1);
  }

  @Test
  void storedErrorOfACreateIsAvoidedByANewKey() {
    var order = Kafka.newOrder("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","orderId":"%s","operation":"create","times":2}\
        """
            .formatted(order.orderId()));
    Kafka.send(Kafka.placed(order));

    awaitTypes(order, STARTED, CAPTURED);
    var started =
        Json.read(
            Kafka.payments(order).findFirst().orElseThrow().value(), PaymentEvent.Started.class);
    assertThat(started.attempt()).isEqualTo(3);
  }

  @Test
  void storedErrorOfAConfirmationIsAvoidedByANewKey() {
    var order = Kafka.newOrder("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","orderId":"%s","operation":"confirm","times":2}\
        """
            .formatted(order.orderId()));
    Kafka.send(Kafka.placed(order));

    awaitTypes(order, STARTED, CAPTURED);
    assertThat(sandbox.ledger(order.orderId())).hasSize(1);
  }

  @Test
  void errorAfterTheChargeDoesNotChargeTwice() {
    var order = Kafka.newOrder("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","orderId":"%s","operation":"confirm","after":true,"times":1}\
        """
            .formatted(order.orderId()));
    Kafka.send(Kafka.placed(order));

    awaitTypes(order, STARTED, CAPTURED);
    assertThat(sandbox.ledger(order.orderId())).hasSize(1);
  }

  @Test
  void rateLimitsResetsAndConflictsAreRetried() {
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

    var orders = IntStream.range(0, 20).mapToObj(_ -> place("pm_card_visa")).toList();

    orders.forEach(order -> awaitTypes(order, STARTED, CAPTURED));
    orders.forEach(order -> assertThat(sandbox.ledger(order.orderId())).hasSize(1));
  }

  @Test
  void orderThatAlwaysFailsBecomesADeadLetterWhileOthersArePaid() {
    var failing = Kafka.newOrder("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","orderId":"%s"}\
        """
            .formatted(failing.orderId()));
    var record = Kafka.placed(failing);
    var sent = Kafka.send(record);
    var others = IntStream.range(0, 10).mapToObj(_ -> place("pm_card_visa")).toList();

    others.forEach(order -> awaitTypes(order, STARTED, CAPTURED));
    var letter = awaitDeadLetter(sent);
    assertThat(letter.cause().attempts()).isEqualTo(8);
    assertThat(letter.group()).isEqualTo("payment-service");
    assertThat(letter.key()).isEqualTo(record.key());
    assertThat(letter.value()).isEqualTo(record.value());
    assertThat(headers(letter.headers())).isEqualTo(headers(record.headers()));
    assertThat(Kafka.types(failing)).isEmpty();
  }

  @Test
  void redrivenDeadLetterSucceedsAndIsResolved() {
    var order = Kafka.newOrder("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","orderId":"%s"}\
        """
            .formatted(order.orderId()));
    var sent = Kafka.send(Kafka.placed(order));
    var letter = awaitDeadLetter(sent);

    Kafka.send(letter.redriven(1));
    await().until(() -> actions(letter.id()).equals(List.of("shop.dead-letter.failed-again.v1")));
    sandbox.noFaults();
    Kafka.send(letter.redriven(2));

    awaitTypes(order, STARTED, CAPTURED);
    await()
        .until(() ->
            actions(letter.id())
                .equals(
                    List.of("shop.dead-letter.failed-again.v1", "shop.dead-letter.resolved.v1")));
    assertThat(sandbox.ledger(order.orderId())).hasSize(1);
  }

  @Test
  void redriveForAnotherGroupIsSkipped() {
    var order = Kafka.newOrder("pm_card_visa");
    var placed = Kafka.placed(order);
    new Redrive("entry", 1, "payment-audit", "orders").mark(placed.headers());
    var sent =
        Kafka.send(
            new ProducerRecord<>(
                Topics.PAYMENT_REDRIVE.name(),
                null,
                placed.key(),
                placed.value(),
                placed.headers()));

    await().until(() -> Kafka.committed(sent) > sent.offset());
    assertThat(Kafka.types(order)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "pm_card_nobody_knows, 2580, EUR, resource_missing",
    "pm_card_visa_usedBefore, 2580, EUR, payment_method_unusable",
    "pm_card_visa, 49, EUR, amount_too_small",
    "pm_card_visa, 100000000, EUR, invalid_charge_amount",
    "pm_card_visa, 1234, KWD, invalid_charge_amount",
    "pm_card_visa, 1234, XTS, invalid_charge_amount"
  })
  void whatACustomerDidWrongIsADeclineWithoutAnIntent(
      String method, long amount, String currency, String reason) {
    var order = Kafka.newOrder(method, new Money(amount, currency));
    var sent = Kafka.send(Kafka.placed(order));

    awaitTypes(order, DECLINED);
    var declined =
        Json.read(Kafka.payments(order).toList().getLast().value(), PaymentEvent.Declined.class);
    assertThat(declined)
        .isEqualTo(new PaymentEvent.Declined(order.customerId(), null, order.amount(), reason));
    await().until(() -> Kafka.committed(sent) > sent.offset());
    assertThat(Kafka.deadLetters(sent)).isEmpty();
    assertThat(sandbox.ledger(order.orderId())).isEmpty();
  }

  @Test
  void paymentMethodThatIsUsedElsewhereBeforeTheConfirmationIsADecline() {
    var order = place("pm_card_visa_usedMeanwhile");

    awaitTypes(order, STARTED, DECLINED);
    var payment = SERVICE.instance().bean(Payments.class).current(order.orderId()).orElseThrow();
    assertThat(payment.reason()).isEqualTo("payment_method_unusable");
    assertThat(sandbox.intent(payment.requireIntent().id())).isEqualTo("canceled");
  }

  @Test
  void cancelOfADeclineWithoutAnIntentIsAVoid() {
    var order = place("pm_card_nobody_knows");
    awaitTypes(order, DECLINED);

    Kafka.send(Kafka.cancelRequested(order));

    awaitTypes(order, DECLINED, "shop.payment.voided.v1");
  }

  @ParameterizedTest
  @CsvSource({
    "1230, KWD, 1230",
    "150, ISK, 15000",
    "150, UGX, 15000",
    "15000, MGA, 150",
    "150, JPY, 150"
  })
  void amountsAreChargedAndRefundedInTheUnitsOfTheProvider(
      long amount, String currency, long units) {
    var order = Kafka.newOrder("pm_card_visa", new Money(amount, currency));
    Kafka.send(Kafka.placed(order));
    awaitTypes(order, STARTED, CAPTURED);

    var refund = UUID.randomUUID();
    Kafka.send(Kafka.refundRequested(order, refund, amount));

    Kafka.last(order, "shop.payment.refunded.v1", PaymentEvent.Refunded.class);
    assertThat(sandbox.moves(order.orderId()))
        .containsExactly("charge " + units, "refund " + units);
    var intent =
        SERVICE.instance().bean(Payments.class).current(order.orderId()).orElseThrow().intent();
    assertThat(SERVICE.instance().bean(ProviderBooks.class).charge(intent.id()).orElseThrow())
        .extracting(BookedCharge::received)
        .isEqualTo(order.amount());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, LARGEST})
  void poisonRecordIsADeadLetterAndThePartitionContinues(int size) {
    byte[] poison = new byte[size];
    Arrays.fill(poison, (byte) 0xff);
    var sent =
        Kafka.send(new ProducerRecord<>("orders", 3, "k".getBytes(StandardCharsets.UTF_8), poison));
    var order = Kafka.newOrder("pm_card_visa");
    var behind = Kafka.placed(order);
    Kafka.send(
        new ProducerRecord<>("orders", 3, null, behind.key(), behind.value(), behind.headers()));

    awaitTypes(order, STARTED, CAPTURED);
    var letter = awaitDeadLetter(sent);
    assertThat(letter.value()).isEqualTo(poison);
    await().until(() -> Kafka.committed(sent) > sent.offset());
  }

  @Test
  void orderEventWithoutASequenceIsADeadLetter() {
    var order = Kafka.newOrder("pm_card_visa");
    var placed = Kafka.placed(order);
    placed.headers().remove("ce_sequence");
    var sent = Kafka.send(placed);

    awaitDeadLetter(sent);
    assertThat(sandbox.ledger(order.orderId())).isEmpty();
  }

  @Test
  void malformedDataAreADeadLetter() {
    var envelope = Envelope.of(Kafka.placed(Kafka.newOrder("pm_card_visa")).headers());
    var sent = Kafka.send(envelope.record("orders", Map.of("customerId", UUID.randomUUID())));

    awaitDeadLetter(sent);
  }

  @Test
  void slowCallDoesNotDelayOtherOrders() {
    var slow = Kafka.newOrder("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"latency","orderId":"%s","latency":"PT0.7S"}\
        """
            .formatted(slow.orderId()));
    Kafka.send(Kafka.placed(slow));
    var others = IntStream.range(0, 20).mapToObj(_ -> place("pm_card_visa")).toList();

    others.forEach(order -> awaitTypes(order, STARTED, CAPTURED));
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
