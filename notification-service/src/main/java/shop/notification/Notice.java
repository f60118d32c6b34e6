package shop.notification;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import shop.common.money.Money;

/** What a customer is told, and the facts that the text needs. */
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

  /** The stable name of its text. */
  String template();

  /** We have your order. */
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

  /** Your payment arrived. */
  record OrderConfirmed(Money total) implements Notice {
    static final String TEMPLATE = "order-confirmed";

    @Override
    public String template() {
      return TEMPLATE;
    }
  }

  /**
   * Your payment did not go through.
   *
   * @param reason the payment provider's decline code
   */
  record PaymentFailed(Money total, String reason) implements Notice {
    static final String TEMPLATE = "payment-failed";

    @Override
    public String template() {
      return TEMPLATE;
    }
  }

  /**
   * Your order is cancelled and nothing was charged.
   *
   * @param total what it would have cost
   */
  record OrderCancelled(Money total) implements Notice {
    static final String TEMPLATE = "order-cancelled";

    @Override
    public String template() {
      return TEMPLATE;
    }
  }

  /**
   * Money is on its way back to you.
   *
   * @param amount what is given back now
   * @param refundedTotal what was given back of this order so far, this included
   * @param total what was paid
   */
  record MoneyRefunded(Money amount, Money refundedTotal, Money total) implements Notice {
    static final String TEMPLATE = "money-refunded";

    /** Whether nothing is left of what was paid. */
    public boolean whole() {
      return refundedTotal.equals(total);
    }

    @Override
    public String template() {
      return TEMPLATE;
    }
  }

  /**
   * Your order is with the carrier.
   *
   * @param trackingNumber as the carrier wrote it
   */
  record OrderShipped(String carrier, String trackingNumber) implements Notice {
    static final String TEMPLATE = "order-shipped";

    @Override
    public String template() {
      return TEMPLATE;
    }
  }

  /** Your order has arrived. */
  record OrderDelivered(Money total) implements Notice {
    static final String TEMPLATE = "order-delivered";

    @Override
    public String template() {
      return TEMPLATE;
    }
  }

  /** A line of an order. */
  record Item(String name, int quantity, Money lineTotal) {}
}
