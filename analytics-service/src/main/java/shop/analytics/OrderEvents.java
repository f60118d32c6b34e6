package shop.analytics;

import java.time.Duration;
import java.time.Instant;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.money.Money;

/** What the events of orders add to the figures. */
public final class OrderEvents {

  public static final String PLACED = "shop.order.placed.v1";
  public static final String CONFIRMED = "shop.order.confirmed.v1";
  public static final String PAYMENT_FAILED = "shop.order.payment-failed.v1";
  public static final String CANCELLED = "shop.order.cancelled.v1";
  public static final String REFUNDED = "shop.order.refunded.v1";

  /** An answer to a command: about an order, on nobody's timeline, without a number. */
  public static final String COMMAND_ANSWERED = "shop.order.command-answered.v1";

  /** No order has a total above this, in minor units: sums of sane orders cannot overflow. */
  static final long HIGHEST_TOTAL = 1_000_000_000_000L;

  private static final int LONGEST_REASON = 100;

  private OrderEvents() {}

  /**
   * The increment of one event; {@link Figures#NONE} for types that count for nothing.
   *
   * @throws shop.common.json.MalformedJson if the data is not what the type says
   * @throws MalformedEvent if the data is beyond sense
   */
  public static Figures increment(Envelope event, byte[] data) {
    return switch (event.type()) {
      case PLACED -> {
        requireSane(Json.read(data, Placed.class).total());
        yield Figures.ofPlaced();
      }
      case CONFIRMED -> confirmed(event, Json.read(data, Confirmed.class));
      case PAYMENT_FAILED -> {
        String reason = Json.read(data, PaymentFailed.class).reason();
        yield Figures.ofFailed(reason.substring(0, Math.min(LONGEST_REASON, reason.length())));
      }
      case CANCELLED -> Figures.ofCancelled();
      case REFUNDED -> refunded(Json.read(data, Refunded.class));
      default -> Figures.NONE;
    };
  }

  private static Figures confirmed(Envelope event, Confirmed data) {
    requireSane(data.total());
    return Figures.ofConfirmed(data.total(), between(data.placedAt(), event.time()));
  }

  private static Figures refunded(Refunded data) {
    requireSane(data.amount());
    return Figures.ofRefund(data.amount(), data.refundedTotal().equals(data.total()));
  }

  private static Duration between(Instant placed, Instant confirmed) {
    try {
      var duration = Duration.between(placed, confirmed);
      return Duration.ofMillis(duration.toMillis());
    } catch (ArithmeticException e) {
      throw new MalformedEvent("placedAt and ce_time are too far apart to be times of an order", e);
    }
  }

  private static void requireSane(Money total) {
    if (total.amount() < 0 || total.amount() > HIGHEST_TOTAL) {
      throw new MalformedEvent("A total of " + total.amount() + " is no order's");
    }
  }

  /** Of {@link #PLACED}, what counts. */
  record Placed(Money total) {}

  /** Of {@link #CONFIRMED}, what counts. */
  record Confirmed(Money total, Instant placedAt) {}

  /** Of {@link #PAYMENT_FAILED}, what counts. */
  record PaymentFailed(String reason) {}

  /** Of {@link #REFUNDED}, what counts. */
  record Refunded(Money amount, Money refundedTotal, Money total) {}
}
