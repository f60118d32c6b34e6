package shop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.e2e.ApiClient.json;
import static shop.e2e.ApiClient.order;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lifecycle of a placed order: its event stream, cancellation, refund and shipment. */
@Tag("slow")
class OrderLifecycleTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String VISA = "pm_card_visa";

  private static URI gateway;
  private static ApiClient admin;
  private static Ledger ledger;

  @BeforeAll
  static void platformRuns() {
    gateway = SharedPlatform.platform().gatewayUrl();
    ledger = Ledger.ofSharedPlatform();
    admin =
        ApiClient.loggedIn(gateway, "admin@shop.test", SharedPlatform.platform().demoPassword());
  }

  @Test
  void aPaidOrderThatIsCancelledIsFullyRefunded() {
    var customer = ApiClient.registered(gateway);
    String id = confirmed(customer);
    var charged = ledger.charges(id);

    var cancel = customer.post("/orders/" + id + "/cancel", "{\"reason\":\"changed my mind\"}");

    assertThat(cancel.statusCode()).as(cancel.body()).isEqualTo(202);
    await().atMost(SOON).until(() -> customer.status(id).equals("REFUNDED"));
    assertThat(ledger.refunds(id)).isEqualTo(charged);
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(SharedPlatform.platform().mails())
                .filteredOn(mail -> mail.to().equals(customer.email()))
                .hasSize(3));
  }

  @Test
  void anOrderThatIsCancelledImmediatelyIsSettledWithoutMoneyKept() {
    var customer = ApiClient.registered(gateway);
    String id = json(customer.place(key(), order("MUG-WHITE", 1, VISA))).get("id").asString();

    assertThat(customer.post("/orders/" + id + "/cancel", "{}").statusCode()).isEqualTo(202);

    await().atMost(SOON).until(() -> customer.status(id).matches("CANCELLED|REFUNDED"));
    assertThat(sum(ledger.charges(id))).isEqualTo(sum(ledger.refunds(id)));
  }

  @Test
  void partialRefundsHappenOnceAndNeverExceedTheCharge() {
    var customer = ApiClient.registered(gateway);
    String id = confirmed(customer);
    String part = "{\"reason\":\"a crack\",\"amount\":{\"amount\":290,\"currency\":\"EUR\"}}";
    String key = key();

    var first = admin.post("/orders/" + id + "/refunds", key, part);
    await()
        .atMost(SOON)
        .until(() ->
            json(customer.get("/orders/" + id)).path("refunded").path("amount").asLong() == 290);
    var again = admin.post("/orders/" + id + "/refunds", key, part);
    var tooMuch = admin.post("/orders/" + id + "/refunds", key(), part.replace("290", "1001"));

    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(tooMuch.statusCode()).isEqualTo(409);
    assertThat(ledger.refunds(id)).containsExactly(290L);
    assertThat(customer.status(id)).isEqualTo("CONFIRMED");
  }

  @Test
  void theEventStreamReportsShipmentAndDelivery() {
    var customer = ApiClient.registered(gateway);
    String id = confirmed(customer);
    var shipment = "{\"carrier\":\"Example Post\",\"trackingNumber\":\"EX1\"}";

    assertThat(admin.post("/orders/" + id + "/shipments", key(), shipment).statusCode())
        .isEqualTo(201);
    assertThat(admin.post("/orders/" + id + "/deliveries", key(), "{}").statusCode())
        .isEqualTo(201);

    try (var lines = customer.events("/orders/" + id + "/events")) {
      assertThat(lines.filter(line -> line.startsWith("event: ")).limit(4))
          .containsExactly(
              "event: shop.order.placed.v1",
              "event: shop.order.confirmed.v1",
              "event: shop.order.shipped.v1",
              "event: shop.order.delivered.v1");
    }
    assertThat(customer.post("/orders/" + id + "/cancel", "{}").statusCode()).isEqualTo(409);
    assertThat(customer.post("/orders/" + id + "/refunds", key(), "{}").statusCode())
        .isEqualTo(403);
  }

  private static String confirmed(ApiClient customer) {
    String id = json(customer.place(key(), order("MUG-WHITE", 1, VISA))).get("id").asString();
    await().atMost(SOON).until(() -> customer.status(id).equals("CONFIRMED"));
    return id;
  }

  private static long sum(List<Long> amounts) {
    return amounts.stream().mapToLong(Long::longValue).sum();
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }
}
