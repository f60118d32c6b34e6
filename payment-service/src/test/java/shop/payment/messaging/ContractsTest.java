package shop.payment.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.money.Money;
import shop.common.testkit.Contracts;
import shop.payment.PaymentEvent;
import shop.payment.PaymentTask;

/** Written records match the contracts' samples, and the samples can be read. */
class ContractsTest {

  private static final UUID ORDER = UUID.fromString("7d0e6f0c-5f1b-5c3a-9a55-0d6a3c1c9b10");
  private static final UUID CUSTOMER = UUID.fromString("2f1c1c56-54f8-5ac2-8f0b-6d0b7c1f4a11");
  private static final String INTENT = "pi_3Q0example0000000000001";
  private static final UUID REFUND = UUID.fromString("3c1f6a52-7f7e-5d0e-9c43-0f5a2b8e6d31");
  private static final Money PART = new Money(1290, "EUR");
  private static final Money AMOUNT = new Money(2580, "EUR");

  static Stream<PaymentEvent> events() {
    return Stream.of(
        new PaymentEvent.Started(CUSTOMER, INTENT, 1, AMOUNT),
        new PaymentEvent.Captured(CUSTOMER, INTENT, AMOUNT),
        new PaymentEvent.Declined(CUSTOMER, INTENT, AMOUNT, "insufficient_funds"),
        new PaymentEvent.Voided(CUSTOMER, INTENT),
        new PaymentEvent.RefundStarted(CUSTOMER, INTENT, REFUND, 1, PART),
        new PaymentEvent.Refunded(CUSTOMER, INTENT, REFUND, "re_3Q0example0000000000001", PART),
        new PaymentEvent.RefundFailed(CUSTOMER, INTENT, REFUND, PART, "expired_or_canceled_card"),
        new PaymentEvent.RefundFailedLater(
            CUSTOMER,
            INTENT,
            REFUND,
            "re_3Q0example0000000000001",
            PART,
            "expired_or_canceled_card"));
  }

  @ParameterizedTest
  @MethodSource("events")
  void writesTheSample(PaymentEvent event) {
    var record =
        PaymentRecords.write(ORDER, event, Instant.parse("2026-11-21T09:30:00.123456789Z"));

    var envelope = Envelope.of(record.headers());
    var sample = Contracts.sample(envelope.type());
    assertThat(Json.MAPPER.readTree(record.value())).isEqualTo(sample.get("data"));
    assertThat(envelope.source()).isEqualTo(sample.get("source").asString());
    assertThat(envelope.subject()).isEqualTo(sample.get("subject").asString());
    assertThat(envelope.time()).isEqualTo(sample.get("time").asString());
    assertThat(envelope.sequence()).isNull();
    assertThat(record.topic())
        .isEqualTo(Contracts.schema(envelope.type()).get("x-topic").asString());
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(ORDER.toString());
  }

  @ParameterizedTest
  @MethodSource("events")
  void readsTheSample(PaymentEvent event) {
    var type = Envelope.of(PaymentRecords.write(ORDER, event, Instant.EPOCH).headers()).type();
    var sample = Contracts.record(type);

    assertThat(PaymentRecords.read(Envelope.of(sample.headers()), sample.value())).contains(event);
  }

  @Test
  void readsThePlacedOrderOfTheSample() {
    assertThat(read("shop.order.placed.v1"))
        .contains(new PaymentTask.Pay(ORDER, CUSTOMER, AMOUNT, "pm_card_visa"));
  }

  @Test
  void readsTheCancelOfTheSample() {
    assertThat(read("shop.order.cancel-requested.v1"))
        .contains(new PaymentTask.Cancel(ORDER, CUSTOMER));
  }

  @Test
  void readsTheRefundOfTheSample() {
    assertThat(read("shop.order.refund-requested.v1"))
        .contains(new PaymentTask.Refund(ORDER, CUSTOMER, REFUND, PART));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "confirmed",
        "payment-failed",
        "cancelled",
        "refunded",
        "refund-failed",
        "refund-failed-later",
        "shipped",
        "delivered"
      })
  void otherOrderEventsHaveNoTask(String event) {
    assertThat(read("shop.order." + event + ".v1")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"command-answered", "withheld", "withheld-ended"})
  void recordsOfTypesWithoutASequenceNumberAreSkipped(String type) {
    assertThat(read("shop.order." + type + ".v1")).isEmpty();
  }

  @Test
  void voidWithoutAnIntentOmitsItsId() {
    var record =
        PaymentRecords.write(ORDER, new PaymentEvent.Voided(CUSTOMER, null), Instant.EPOCH);

    assertThat(Json.MAPPER.readTree(record.value()).has("paymentIntentId")).isFalse();
    assertThat(PaymentRecords.read(Envelope.of(record.headers()), record.value()))
        .contains(new PaymentEvent.Voided(CUSTOMER, null));
  }

  @Test
  void declineWithoutAnIntentOmitsItsId() {
    var declined = new PaymentEvent.Declined(CUSTOMER, null, AMOUNT, "resource_missing");
    var record = PaymentRecords.write(ORDER, declined, Instant.EPOCH);

    assertThat(Json.MAPPER.readTree(record.value()).has("paymentIntentId")).isFalse();
    assertThat(PaymentRecords.read(Envelope.of(record.headers()), record.value()))
        .contains(declined);
  }

  private static Optional<PaymentTask> read(String type) {
    var sample = Contracts.record(type);
    return OrderRecords.read(
        Envelope.of(sample.headers()),
        new ConsumerRecord<>(sample.topic(), 0, 0, sample.key(), sample.value()));
  }
}
