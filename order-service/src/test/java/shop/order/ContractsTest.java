package shop.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.json.Json;
import shop.common.money.Money;
import shop.common.testkit.Contracts;
import shop.order.catalog.Product;
import shop.order.kafka.OrderSummaryHeader;

/** order-service writes and reads records as the contracts define them. */
class ContractsTest {

  @Test
  void writesRecordsAsTheContractsDefineThem() {
    var placed = Contracts.data(OrderEvent.Placed.TYPE, PlaceOrder.class);

    assertWrites(PlaceOrder.TYPE, placed);
    assertWrites(OrderEvent.Placed.TYPE, new OrderEvent.Placed(placed));
    assertWrites(Product.UPSERTED, Contracts.data(Product.UPSERTED, Product.class));
    assertWrites(StockAdjusted.TYPE, Contracts.data(StockAdjusted.TYPE, StockAdjusted.class));
    assertWrites(OrderWithheld.TYPE, Contracts.data(OrderWithheld.TYPE, OrderWithheld.class));
    assertWrites(
        OrderWithheld.Ended.TYPE,
        Contracts.data(OrderWithheld.Ended.TYPE, OrderWithheld.Ended.class));
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
        OrderEvent.RefundFailedLater.class,
        OrderEvent.Shipped.class,
        OrderEvent.Delivered.class
      })
  void eventsMatchTheContracts(Class<? extends OrderEvent> recordClass) throws Exception {
    String type = (String) recordClass.getField("TYPE").get(null);
    byte[] data = Json.bytes(Contracts.sample(type).get("data"));

    assertThat(OrderEvent.read(type, data)).isInstanceOf(recordClass);
    assertWrites(type, Contracts.data(type, recordClass));
  }

  @Test
  void codesOfTheProviderInOlderEventsBecomePublishedReasons() {
    var sample = Contracts.sample("shop.order.payment-failed.v1").get("data").toString();
    var older = sample.replace("insufficient_funds", "stolen_card").getBytes(UTF_8);

    assertThat(OrderEvent.read(OrderEvent.PaymentFailed.TYPE, older).toString())
        .contains("payment_declined")
        .doesNotContain("stolen_card");
    assertThat(
            new OrderEvent.RefundFailed(
                    UUID.randomUUID(),
                    UUID.randomUUID(),
                    new Money(1, "EUR"),
                    "lost_or_stolen_card",
                    new Money(1, "EUR"),
                    Instant.EPOCH)
                .reason())
        .isEqualTo("card_unavailable");
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        OrderCommand.Cancel.class,
        OrderCommand.Refund.class,
        OrderCommand.Ship.class,
        OrderCommand.Deliver.class
      })
  void commandsMatchTheContracts(Class<? extends OrderCommand> recordClass) throws Exception {
    String type = (String) recordClass.getField("TYPE").get(null);
    byte[] data = Json.bytes(Contracts.sample(type).get("data"));

    assertThat(OrderCommand.read(type, data)).isInstanceOf(recordClass);
    assertWrites(type, Contracts.data(type, recordClass));
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        PaymentFact.Started.class,
        PaymentFact.Captured.class,
        PaymentFact.Declined.class,
        PaymentFact.Voided.class,
        PaymentFact.Refunded.class,
        PaymentFact.RefundFailed.class,
        PaymentFact.RefundFailedLater.class
      })
  void readsPaymentFacts(Class<? extends PaymentFact> recordClass) throws Exception {
    String type = (String) recordClass.getField("TYPE").get(null);

    assertThat(PaymentFact.read(type, Json.bytes(Contracts.sample(type).get("data"))))
        .get()
        .isInstanceOf(recordClass);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop.payment.refund-started.v1"})
  void ignoresFactsThatDoNotAffectAnOrdersState(String type) {
    byte[] data = Json.bytes(Contracts.sample(type).get("data"));

    assertThat(PaymentFact.read(type, data)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {PlaceOrder.TYPE, OrderWithheld.TYPE, OrderWithheld.Ended.TYPE})
  void theSummaryOfAnOrderIsAsTheContractsDefineIt(String type) {
    var headers = new RecordHeaders();
    OrderSummaryHeader.write(
        headers, OrderSummary.of(Contracts.data(PlaceOrder.TYPE, PlaceOrder.class)));

    assertThat(Json.MAPPER.readTree(headers.lastHeader(OrderSummaryHeader.NAME).value()))
        .isEqualTo(Contracts.sample(type).get("headers").get(OrderSummaryHeader.NAME));
  }

  private static void assertWrites(String type, Object data) {
    assertThat(Json.MAPPER.readTree(Json.bytes(data)))
        .isEqualTo(Contracts.sample(type).get("data"));
  }
}
