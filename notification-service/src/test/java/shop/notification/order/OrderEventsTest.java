package shop.notification.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.event.Envelope;
import shop.common.json.MalformedJson;
import shop.common.money.Money;
import shop.common.testkit.Contracts;
import shop.notification.Notice;

class OrderEventsTest {

  private static final UUID ADA = UUID.fromString("2f1c1c56-54f8-5ac2-8f0b-6d0b7c1f4a11");
  private static final Money TOTAL = new Money(2580, "EUR");

  @Test
  void readsThePlacedSample() {
    assertThat(sample(OrderEvents.PLACED))
        .isEqualTo(
            new OrderEvents.CustomerNotice(
                ADA,
                new Notice.OrderPlaced(List.of(new Notice.Item("White mug", 2, TOTAL)), TOTAL)));
  }

  @Test
  void readsTheConfirmedSample() {
    assertThat(sample(OrderEvents.CONFIRMED))
        .isEqualTo(new OrderEvents.CustomerNotice(ADA, new Notice.OrderConfirmed(TOTAL)));
  }

  @Test
  void readsThePaymentFailedSample() {
    assertThat(sample(OrderEvents.PAYMENT_FAILED))
        .isEqualTo(
            new OrderEvents.CustomerNotice(
                ADA, new Notice.PaymentFailed(TOTAL, "insufficient_funds")));
  }

  @Test
  void readsTheCancelledSample() {
    assertThat(sample(OrderEvents.CANCELLED))
        .isEqualTo(new OrderEvents.CustomerNotice(ADA, new Notice.OrderCancelled(TOTAL)));
  }

  @Test
  void readsTheRefundedSample() {
    var part = new Money(1290, "EUR");
    assertThat(sample(OrderEvents.REFUNDED))
        .isEqualTo(
            new OrderEvents.CustomerNotice(ADA, new Notice.MoneyRefunded(part, part, TOTAL)));
  }

  @Test
  void readsTheShippedSample() {
    assertThat(sample(OrderEvents.SHIPPED))
        .isEqualTo(
            new OrderEvents.CustomerNotice(
                ADA, new Notice.OrderShipped("Example Post", "EX123456789DE")));
  }

  @Test
  void readsTheDeliveredSample() {
    assertThat(sample(OrderEvents.DELIVERED))
        .isEqualTo(new OrderEvents.CustomerNotice(ADA, new Notice.OrderDelivered(TOTAL)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop.order.cancel-requested.v1",
        "shop.order.refund-requested.v1",
        "shop.order.refund-failed.v1",
        "shop.order.refund-failed-later.v1",
        "shop.order.command-answered.v1",
        "shop.order.withheld.v1",
        "shop.order.withheld-ended.v1"
      })
  void requestsFailuresAndUnnumberedRecordsCauseNoNotice(String type) {
    assertThat(sample(type)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OrderEvents.PLACED,
        OrderEvents.CONFIRMED,
        OrderEvents.PAYMENT_FAILED,
        OrderEvents.CANCELLED,
        OrderEvents.REFUNDED,
        OrderEvents.SHIPPED,
        OrderEvents.DELIVERED
      })
  void dataWithoutACustomerIsMalformed(String type) {
    var envelope = Envelope.of(Contracts.record(type).headers());
    assertThatThrownBy(() -> OrderEvents.noticeOf(envelope, "{}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(MalformedJson.class);
  }

  private static OrderEvents.CustomerNotice sample(String type) {
    var record = Contracts.record(type);
    return OrderEvents.noticeOf(Envelope.of(record.headers()), record.value());
  }
}
