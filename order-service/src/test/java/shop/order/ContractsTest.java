package shop.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.json.Json;
import shop.common.testkit.Contracts;
import shop.order.catalog.Product;
import shop.order.catalog.StockAdjusted;

/** What order-service writes is what the contracts say, and it reads what others write. */
class ContractsTest {

  @Test
  void writesWhatTheContractsSay() {
    var placed = Contracts.data(OrderEvent.Placed.TYPE, PlaceOrder.class);

    assertWrites(PlaceOrder.TYPE, placed);
    assertWrites(OrderEvent.Placed.TYPE, new OrderEvent.Placed(placed));
    assertWrites(Product.UPSERTED, Contracts.data(Product.UPSERTED, Product.class));
    assertWrites(StockAdjusted.TYPE, Contracts.data(StockAdjusted.TYPE, StockAdjusted.class));
    assertWrites(CommandAnswer.TYPE, Contracts.data(CommandAnswer.TYPE, CommandAnswer.class));
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        OrderEvent.Confirmed.class,
        OrderEvent.PaymentFailed.class,
        OrderEvent.CancelRequested.class,
        OrderEvent.Cancelled.class,
        OrderEvent.RefundRequested.class,
        OrderEvent.Refunded.class,
        OrderEvent.RefundFailed.class,
        OrderEvent.Shipped.class,
        OrderEvent.Delivered.class
      })
  void eventsAreThoseOfTheContracts(Class<? extends OrderEvent> kind) throws Exception {
    String type = (String) kind.getField("TYPE").get(null);
    byte[] data = Json.bytes(Contracts.sample(type).get("data"));

    assertThat(OrderEvent.read(type, data)).isInstanceOf(kind);
    assertWrites(type, Contracts.data(type, kind));
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        OrderCommand.Cancel.class,
        OrderCommand.Refund.class,
        OrderCommand.Ship.class,
        OrderCommand.Deliver.class
      })
  void commandsAreThoseOfTheContracts(Class<? extends OrderCommand> kind) throws Exception {
    String type = (String) kind.getField("TYPE").get(null);
    byte[] data = Json.bytes(Contracts.sample(type).get("data"));

    assertThat(OrderCommand.read(type, data)).isInstanceOf(kind);
    assertWrites(type, Contracts.data(type, kind));
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        PaymentFact.Started.class,
        PaymentFact.Captured.class,
        PaymentFact.Declined.class,
        PaymentFact.Voided.class,
        PaymentFact.Refunded.class,
        PaymentFact.RefundFailed.class
      })
  void readsPaymentFacts(Class<? extends PaymentFact> kind) throws Exception {
    String type = (String) kind.getField("TYPE").get(null);

    assertThat(PaymentFact.read(type, Json.bytes(Contracts.sample(type).get("data"))))
        .get()
        .isInstanceOf(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop.payment.refund-started.v1"})
  void passesByWhatDoesNotConcernAnOrdersState(String type) {
    byte[] data = Json.bytes(Contracts.sample(type).get("data"));

    assertThat(PaymentFact.read(type, data)).isEmpty();
  }

  private static void assertWrites(String type, Object data) {
    assertThat(Json.MAPPER.readTree(Json.bytes(data)))
        .isEqualTo(Contracts.sample(type).get("data"));
  }
}
