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
  @JsonSubTypes.Type(value = Notice.PaymentFailed.class, name = Notice.PaymentFailed.TEMPLATE)
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

  /** A line of an order. */
  record Item(String name, int quantity, Money lineTotal) {}
}
