package shop.notification;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import shop.common.money.Money;

/** A message to a customer, with the values that its text needs. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "template")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Notice.OrderPlaced.class, name = Notice.OrderPlaced.TEMPLATE),
  @JsonSubTypes.Type(value = Notice.OrderConfirmed.class, name = Notice.OrderConfirmed.TEMPLATE),
  @JsonSubTypes.Type(value = Notice.PaymentFailed.class, name = Notice.PaymentFailed.TEMPLATE),
  @JsonSubTypes.Type(value = Notice.OrderCancelled.class, name = Notice.OrderCancelled.TEMPLATE),
  @JsonSubTypes.Type(value = Notice.MoneyRefunded.class, name = Notice.MoneyRefunded.TEMPLATE),
  @JsonSubTypes.Type(value = Notice.OrderShipped.class, name = Notice.OrderShipped.TEMPLATE),
  @JsonSubTypes.Type(value = Notice.OrderDelivered.class, name = Notice.OrderDelivered.TEMPLATE)
})
public sealed interface Notice {

  /** The stable name of the text template. */
  String template();

  /** The order was placed. */
  record OrderPlaced(List<Item> items, Money total) implements Notice {
    static final String TEMPLATE = "order-placed";

    public OrderPlaced {
      items = List.copyOf(items);
    }

    @Override
    public String template() {
      return TEMPLATE;
    }
  }

  /** The payment was captured. */
  record OrderConfirmed(Money total) implements Notice {
    static final String TEMPLATE = "order-confirmed";

    @Override
    public String template() {
      return TEMPLATE;
    }
  }

  /**
   * The payment was declined.
   *
   * @param reason the code of a {@link shop.common.money.DeclineReason}; older events have the
   *     payment provider's code
   */
  record PaymentFailed(Money total, String reason) implements Notice {
    static final String TEMPLATE = "payment-failed";

    @Override
    public String template() {
      return TEMPLATE;
    }
  }

  /**
   * The order was cancelled and nothing was charged.
   *
   * @param total the order's total
   */
  record OrderCancelled(Money total) implements Notice {
    static final String TEMPLATE = "order-cancelled";

    @Override
    public String template() {
      return TEMPLATE;
    }
  }

  /**
   * A refund was made.
   *
   * @param amount the amount of this refund
   * @param refundedTotal the sum of all refunds of the order, this one included
   * @param total the amount that was paid
   */
  record MoneyRefunded(Money amount, Money refundedTotal, Money total) implements Notice {
    static final String TEMPLATE = "money-refunded";

    /** Whether the whole amount that was paid has been refunded. */
    public boolean coversTotal() {
      return refundedTotal.equals(total);
    }

    @Override
    public String template() {
      return TEMPLATE;
    }
  }

  /**
   * The order was handed to the carrier.
   *
   * @param trackingNumber as received from the carrier
   */
  record OrderShipped(String carrier, String trackingNumber) implements Notice {
    static final String TEMPLATE = "order-shipped";

    @Override
    public String template() {
      return TEMPLATE;
    }
  }

  /** The order was delivered. */
  record OrderDelivered(Money total) implements Notice {
    static final String TEMPLATE = "order-delivered";

    @Override
    public String template() {
      return TEMPLATE;
    }
  }

  /** A line item of an order. */
  record Item(String name, int quantity, Money lineTotal) {}
}
