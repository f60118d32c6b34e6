package shop.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import shop.common.json.Json;
import shop.common.testkit.Contracts;
import shop.order.catalog.Product;
import shop.order.catalog.StockAdjusted;

/** What order-service writes is what the contracts say, and it reads what others write. */
class ContractsTest {

  @Test
  void writesWhatTheContractsSay() {
    var placed = Contracts.data(OrderEvent.Placed.TYPE, PlaceOrder.class);
    var confirmed = Contracts.data(OrderEvent.Confirmed.TYPE, OrderEvent.Confirmed.class);
    var failed = Contracts.data(OrderEvent.PaymentFailed.TYPE, OrderEvent.PaymentFailed.class);

    assertWrites(PlaceOrder.TYPE, placed);
    assertWrites(OrderEvent.Placed.TYPE, new OrderEvent.Placed(placed));
    assertWrites(OrderEvent.Confirmed.TYPE, confirmed);
    assertWrites(OrderEvent.PaymentFailed.TYPE, failed);
    assertWrites(Product.UPSERTED, Contracts.data(Product.UPSERTED, Product.class));
    assertWrites(StockAdjusted.TYPE, Contracts.data(StockAdjusted.TYPE, StockAdjusted.class));
  }

  @Test
  void readsPaymentFacts() {
    for (var type : new String[] {PaymentFact.Captured.TYPE, PaymentFact.Declined.TYPE}) {
      byte[] data = Json.bytes(Contracts.sample(type).get("data"));

      assertThat(PaymentFact.read(type, data)).isPresent();
    }
    byte[] started = Json.bytes(Contracts.sample("shop.payment.started.v1").get("data"));
    assertThat(PaymentFact.read("shop.payment.started.v1", started)).isEmpty();
  }

  private static void assertWrites(String type, Object data) {
    assertThat(Json.MAPPER.readTree(Json.bytes(data)))
        .isEqualTo(Contracts.sample(type).get("data"));
  }
}
