package shop.analytics;

import java.time.Duration;
import java.time.Instant;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.money.ChargeableAmounts;
import shop.common.money.Money;

/** Order events and the increments that they add to the figures. */
public final class OrderEvents {

  public static final String PLACED = "shop.order.placed.v1";
  public static final String CONFIRMED = "shop.order.confirmed.v1";
  public static final String PAYMENT_FAILED = "shop.order.payment-failed.v1";
  public static final String CANCELLED = "shop.order.cancelled.v1";
  public static final String REFUNDED = "shop.order.refunded.v1";

  private static final int MAX_REASON_LENGTH = 100;

  private OrderEvents() {}

  /**
   * The increment of one event; {@link Figures#NONE} for event types that are not counted.
   *
   * @throws shop.common.json.MalformedJson if the data does not match the event type
   * @throws MalformedEvent if a value is out of range
   */
  public static Figures increment(Envelope event, byte[] data) {
    return switch (event.type()) {
      case PLACED -> {
        requireValid(Json.read(data, Placed.class).total());
        yield Figures.ofPlaced();
      }
      case CONFIRMED -> confirmed(event, Json.read(data, Confirmed.class));
      case PAYMENT_FAILED -> {
        String reason = Json.read(data, PaymentFailed.class).reason();
        yield Figures.ofFailed(reason.substring(0, Math.min(MAX_REASON_LENGTH, reason.length())));
      }
      case CANCELLED -> Figures.ofCancelled();
      case REFUNDED -> refunded(Json.read(data, Refunded.class));
      default -> Figures.NONE;
    };
  }

  private static Figures confirmed(Envelope event, Confirmed data) {
    requireValid(data.total());
    return Figures.ofConfirmed(data.total(), between(data.placedAt(), event.time()));
  }

  private static Figures refunded(Refunded data) {
    requireValid(data.amount());
    return Figures.ofRefund(data.amount(), data.refundedTotal().equals(data.total()));
  }

  private static Duration between(Instant placed, Instant confirmed) {
    try {
      var duration = Duration.between(placed, confirmed);
      return Duration.ofMillis(duration.toMillis());
    } catch (ArithmeticException e) {
      throw new MalformedEvent("placedAt and ce_time are too far apart", e);
    }
  }

  private static void requireValid(Money amount) {
    if (amount.amount() < 0 || amount.amount() > ChargeableAmounts.MAX) {
      throw new MalformedEvent("An amount of " + amount.amount() + " is out of range");
    }
  }

  /** The fields of {@link #PLACED} that are counted. */
  record Placed(Money total) {}

  /** The fields of {@link #CONFIRMED} that are counted. */
  record Confirmed(Money total, Instant placedAt) {}

  /** The fields of {@link #PAYMENT_FAILED} that are counted. */
  record PaymentFailed(String reason) {}

  /** The fields of {@link #REFUNDED} that are counted. */
  record Refunded(Money amount, Money refundedTotal, Money total) {}
}
