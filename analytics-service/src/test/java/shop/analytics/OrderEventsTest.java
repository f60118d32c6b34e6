package shop.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.json.MalformedJson;
import shop.common.money.ChargeableAmounts;
import shop.common.money.Money;
import shop.common.testkit.Contracts;

class OrderEventsTest {

  @Test
  void placedCountsAnOrderAndNoRevenue() {
    var figures = sample(OrderEvents.PLACED);

    assertThat(figures.placed()).isEqualTo(1);
    assertThat(figures.confirmed()).isZero();
    assertThat(figures.revenue()).isEmpty();
  }

  @Test
  void confirmedCountsItsTotalAndItsTime() {
    var figures = sample(OrderEvents.CONFIRMED);

    assertThat(figures.confirmed()).isEqualTo(1);
    assertThat(figures.revenue()).isEqualTo(Map.of("EUR", 2580L));
    assertThat(figures.timeToConfirmed().count()).isEqualTo(1);
  }

  @Test
  void failedCountsItsReason() {
    var figures = sample(OrderEvents.PAYMENT_FAILED);

    assertThat(figures.failed()).isEqualTo(1);
    assertThat(figures.failures()).isEqualTo(Map.of("insufficient_funds", 1L));
  }

  @Test
  void cancelledCountsAnOrderAndNoRefund() {
    var figures = sample(OrderEvents.CANCELLED);

    assertThat(figures.cancelled()).isEqualTo(1);
    assertThat(figures.refunds()).isEmpty();
  }

  @Test
  void partialRefundCountsItsAmountAndNoOrder() {
    var figures = sample(OrderEvents.REFUNDED);

    assertThat(figures.refunds()).isEqualTo(Map.of("EUR", 1290L));
    assertThat(figures.refunded()).isZero();
    assertThat(figures.revenue()).isEmpty();
  }

  @Test
  void lastPartialRefundCountsTheOrder() {
    var refunded = OrdersTopic.refunded("o", Instant.EPOCH, 4, 580, 2580, new Money(2580, "EUR"));
    var figures = OrderEvents.increment(Envelope.of(refunded.headers()), refunded.value());

    assertThat(figures.refunds()).isEqualTo(Map.of("EUR", 580L));
    assertThat(figures.refunded()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop.order.cancel-requested.v1",
        "shop.order.refund-requested.v1",
        "shop.order.refund-failed.v1",
        "shop.order.refund-failed-later.v1",
        "shop.order.shipped.v1",
        "shop.order.delivered.v1"
      })
  void otherSamplesAreNotCounted(String type) {
    assertThat(sample(type)).isEqualTo(Figures.NONE);
  }

  @Test
  void figuresWithoutCancellationsAndRefundsAreRead() {
    var before =
        """
        {"placed":2,"confirmed":1,"failed":0,"revenue":{"EUR":5},"failures":{},"timeToConfirmed":%s}
        """
            .formatted(Json.MAPPER.writeValueAsString(Histogram.EMPTY));

    var figures = Json.read(before.getBytes(UTF_8), Figures.class);
    assertThat(figures.placed()).isEqualTo(2);
    assertThat(figures.cancelled()).isZero();
    assertThat(figures.refunds()).isEmpty();
    assertThat(Json.read(Json.bytes(figures), Figures.class)).isEqualTo(figures);
  }

  @Test
  void unknownTypesAreNotCounted() {
    var confirmed = Envelope.of(Contracts.record(OrderEvents.CONFIRMED).headers());
    var later =
        new Envelope(
            "1",
            "shop.order.gift-wrapped.v1",
            "order-service",
            "o",
            confirmed.time(),
            3L,
            confirmed.trace());

    assertThat(OrderEvents.increment(later, "no JSON".getBytes(UTF_8))).isEqualTo(Figures.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "{}",
        "{\"total\":{\"amount\":1,\"currency\":\"EUR\"}}",
        "{\"total\":{\"amount\":1,\"currency\":\"euro\"},\"placedAt\":\"2026-11-21T09:30:00Z\"}",
        "{\"total\":{\"amount\":\"x\",\"currency\":\"EUR\"},\"placedAt\":\"2026-11-21T09:30:00Z\"}"
      })
  void dataThatDoesNotMatchTheTypeIsMalformed(String data) {
    var event = Envelope.of(Contracts.record(OrderEvents.CONFIRMED).headers());

    assertThatThrownBy(() -> OrderEvents.increment(event, data.getBytes(UTF_8)))
        .isInstanceOf(MalformedJson.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, ChargeableAmounts.MAX + 1, Long.MAX_VALUE})
  void totalsThatCouldOverflowASumAreMalformed(long amount) {
    var event = Envelope.of(Contracts.record(OrderEvents.PLACED).headers());
    var data = "{\"total\":{\"amount\":%d,\"currency\":\"EUR\"}}".formatted(amount);

    assertThatThrownBy(() -> OrderEvents.increment(event, data.getBytes(UTF_8)))
        .isInstanceOf(MalformedEvent.class);
  }

  private static Figures sample(String type) {
    var record = Contracts.record(type);
    return OrderEvents.increment(Envelope.of(record.headers()), record.value());
  }
}
