package shop.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import shop.common.money.Money;

class TransitionsTest {

  private static final PlaceOrder ORDER =
      new PlaceOrder(
          UUID.randomUUID(),
          "a-key-of-16-chars",
          "0".repeat(64),
          List.of(OrderLine.of("MUG", "Mug", 2, new Money(1290, "EUR"))),
          new Money(2580, "EUR"),
          "pm_card_visa",
          new ShippingAddress("Ada", "1 Street", "Berlin", "10115", "DE"),
          Instant.parse("2026-11-21T09:30:00.123Z"));
  private static final PaymentFact CAPTURED = new PaymentFact.Captured("pi_1");
  private static final PaymentFact DECLINED = new PaymentFact.Declined("expired_card");

  @Test
  void everyStateHasARowForEveryInput() {
    assertThat(
            List.of(
                row(null, Transitions.on(null, ORDER)),
                row(null, Transitions.on(null, CAPTURED)),
                row(null, Transitions.on(null, DECLINED)),
                row(OrderStatus.PLACED, Transitions.on(placed(), ORDER)),
                row(OrderStatus.PLACED, Transitions.on(placed(), CAPTURED)),
                row(OrderStatus.PLACED, Transitions.on(placed(), DECLINED)),
                row(OrderStatus.CONFIRMED, Transitions.on(confirmed(), ORDER)),
                row(OrderStatus.CONFIRMED, Transitions.on(confirmed(), CAPTURED)),
                row(OrderStatus.CONFIRMED, Transitions.on(confirmed(), DECLINED)),
                row(OrderStatus.PAYMENT_FAILED, Transitions.on(failed(), ORDER)),
                row(OrderStatus.PAYMENT_FAILED, Transitions.on(failed(), CAPTURED)),
                row(OrderStatus.PAYMENT_FAILED, Transitions.on(failed(), DECLINED))))
        .containsExactly(
            "null -> PLACED 1",
            "null -> impossible",
            "null -> impossible",
            "PLACED unchanged",
            "PLACED -> CONFIRMED 2",
            "PLACED -> PAYMENT_FAILED 2",
            "CONFIRMED unchanged",
            "CONFIRMED unchanged",
            "CONFIRMED -> impossible",
            "PAYMENT_FAILED unchanged",
            "PAYMENT_FAILED -> impossible",
            "PAYMENT_FAILED unchanged");
  }

  @Test
  void anEventCarriesWhatItsReadersNeed() {
    var accepted = (Transitions.Accepted) Transitions.on(placed(), CAPTURED);

    assertThat(accepted.event())
        .isEqualTo(
            new OrderEvent.Confirmed(ORDER.customerId(), ORDER.total(), "pi_1", ORDER.createdAt()));
  }

  private static OrderState placed() {
    return ((Transitions.Accepted) Transitions.on(null, ORDER)).state();
  }

  private static OrderState confirmed() {
    return ((Transitions.Accepted) Transitions.on(placed(), CAPTURED)).state();
  }

  private static OrderState failed() {
    return ((Transitions.Accepted) Transitions.on(placed(), DECLINED)).state();
  }

  private static String row(@Nullable OrderStatus from, Transitions.Decision decision) {
    return switch (decision) {
      case Transitions.Accepted(var event, var state) -> {
        assertThat(event.status()).isEqualTo(state.status());
        yield from + " -> " + state.status() + " " + state.sequence();
      }
      case Transitions.Unchanged _ -> from + " unchanged";
      case Transitions.Impossible _ -> from + " -> impossible";
    };
  }
}
