package shop.payment.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.money.Money;
import shop.common.testkit.TestTokens;
import shop.payment.Kafka;
import shop.payment.PaymentEvent;
import shop.payment.PaymentTask;
import shop.payment.Payments;
import shop.payment.RunningService;
import shop.payment.Sandbox;
import shop.payment.ServiceUnderTest;
import tools.jackson.databind.JsonNode;

/**
 * Compares the log with the real sandbox's books, with differences made at the sandbox directly.
 */
@Tag("slow")
class ReconciliationTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";
  private static final String REFUNDED = "shop.payment.refunded.v1";

  @RegisterExtension private static final ServiceUnderTest SERVICE = ServiceUnderTest.standard();

  private final Sandbox sandbox = SERVICE.sandbox();

  @Test
  void booksThatAgreeHaveNoDifference() throws Exception {
    // More than one page of the PSP's lists.
    var orders = IntStream.range(0, 110).mapToObj(_ -> Kafka.place("pm_card_visa")).toList();
    var declined = Kafka.place("pm_card_chargeDeclined");
    orders.forEach(order -> Kafka.awaitTypes(order, STARTED, CAPTURED));
    Kafka.awaitTypes(declined, STARTED, "shop.payment.declined.v1");
    Kafka.send(Kafka.refundRequested(orders.getFirst(), UUID.randomUUID(), 1290));
    Kafka.last(orders.getFirst(), REFUNDED, PaymentEvent.Refunded.class);

    var report = compare(null, null);

    var orderIds = orders.stream().map(order -> order.orderId().toString()).toList();
    assertThat(differences(report, orderIds)).isEmpty();
    assertThat(report.get("charges").asLong()).isGreaterThanOrEqualTo(111);
    assertThat(report.get("refunds").asLong()).isPositive();
  }

  @Test
  void chargeAndRefundMadeDirectlyAtThePspAreMissingHere() throws Exception {
    var order = paid();
    var foreignIntent =
        sandbox.post(
            "/v1/payment_intents",
            "amount=777&currency=eur&payment_method=pm_card_visa&confirm=true"
                + "&metadata[order_id]="
                + order.orderId());
    sandbox.post("/v1/refunds", "payment_intent=" + intent(order) + "&amount=300");

    var found = compare(null, null).get("differences").valueStream().toList();

    assertThat(found)
        .anySatisfy(difference -> {
          assertThat(difference.get("kind").asString()).isEqualTo("MISSING_HERE");
          assertThat(difference.get("subject").asString()).isEqualTo("CHARGE");
          assertThat(difference.get("orderId").asString()).isEqualTo(order.orderId().toString());
          assertThat(difference.get("paymentIntentId")).isEqualTo(foreignIntent.get("id"));
          assertThat(difference.get("here").get("amount").asLong()).isZero();
          assertThat(difference.get("there").get("amount").asLong()).isEqualTo(777);
        })
        .anySatisfy(difference -> {
          assertThat(difference.get("kind").asString()).isEqualTo("MISSING_HERE");
          assertThat(difference.get("subject").asString()).isEqualTo("REFUND");
          assertThat(difference.get("paymentIntentId").asString()).isEqualTo(intent(order));
          assertThat(difference.get("there").get("amount").asLong()).isEqualTo(300);
        });
  }

  @Test
  void refundMadeByHandIsNoDifferenceAfterACancelHasImportedIt() throws Exception {
    var order = paid();
    sandbox.post("/v1/refunds", "payment_intent=" + intent(order) + "&amount=300");
    assertThat(differences(compare(null, null), List.of(order.orderId().toString()))).hasSize(1);

    Kafka.send(Kafka.cancelRequested(order));
    await().until(() -> Kafka.types(order).stream().filter(REFUNDED::equals).count() == 2);

    assertThat(differences(compare(null, null), List.of(order.orderId().toString()))).isEmpty();
  }

  @Test
  void eventsWithoutAChargeAtThePspAreMissingThere() throws Exception {
    var order = Kafka.newOrder("pm_card_visa");
    write(order, new PaymentEvent.Started(order.customerId(), "pi_unknown", 1, order.amount()));
    write(order, new PaymentEvent.Captured(order.customerId(), "pi_unknown", order.amount()));
    var part = new Money(100, "EUR");
    var refund = UUID.randomUUID();
    write(order, new PaymentEvent.RefundStarted(order.customerId(), "pi_unknown", refund, 1, part));
    write(
        order,
        new PaymentEvent.Refunded(order.customerId(), "pi_unknown", refund, "re_unknown", part));

    var found = differences(compare(null, null), List.of(order.orderId().toString()));

    assertThat(found).hasSize(2);
    assertThat(found)
        .allSatisfy(
            difference -> assertThat(difference.get("kind").asString()).isEqualTo("MISSING_THERE"))
        .extracting(difference -> difference.get("subject").asString())
        .containsExactlyInAnyOrder("CHARGE", "REFUND");
  }

  @Test
  void differentAmountIsADifference() throws Exception {
    var order = Kafka.newOrder("pm_card_visa");
    var there =
        sandbox
            .post(
                "/v1/payment_intents",
                "amount=2000&currency=eur&payment_method=pm_card_visa&confirm=true"
                    + "&metadata[order_id]="
                    + order.orderId())
            .get("id")
            .asString();
    write(order, new PaymentEvent.Started(order.customerId(), there, 1, order.amount()));
    write(order, new PaymentEvent.Captured(order.customerId(), there, order.amount()));

    var found = differences(compare(null, null), List.of(order.orderId().toString()));

    assertThat(found).hasSize(1);
    assertThat(found.getFirst().get("kind").asString()).isEqualTo("AMOUNT");
    assertThat(found.getFirst().get("here").get("amount").asLong()).isEqualTo(2580);
    assertThat(found.getFirst().get("there").get("amount").asLong()).isEqualTo(2000);
  }

  @Test
  void paymentsOutsideThePeriodAreNotCompared() throws Exception {
    var order = paid();
    sandbox.post("/v1/refunds", "payment_intent=" + intent(order) + "&amount=300");

    var past = compare(Instant.EPOCH, Instant.EPOCH.plusSeconds(60));

    assertThat(past.get("differences").isEmpty()).isTrue();
    assertThat(past.get("charges").asLong()).isZero();
    assertThat(get("?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", admin()).statusCode())
        .isEqualTo(422);
  }

  @Test
  void aPeriodMayBeginInTheFirstYearButNotInOneThatOverflows() throws Exception {
    assertThat(get("?from=0001-01-01T00:00:00Z&to=1970-01-02T00:00:00Z", admin()).statusCode())
        .isEqualTo(200);
    for (String limit :
        List.of("from=%2B1000000000-12-31T23:59:59Z", "to=-1000000000-01-01T00:00:00Z")) {
      assertThat(get("?" + limit, admin()).statusCode()).as(limit).isEqualTo(400);
    }
  }

  @Test
  void recentPaymentsAreNotComparedByDefault() throws Exception {
    var order = paid();
    sandbox.post("/v1/refunds", "payment_intent=" + intent(order) + "&amount=300");

    var report = Json.MAPPER.readTree(get("", admin()).body());

    assertThat(report.get("differences").valueStream())
        .noneMatch(
            difference -> difference.get("paymentIntentId").asString().equals(intent(order)));
  }

  @Test
  void reportNamesTheWindowThatItCovers() throws Exception {
    var to = Instant.parse("2026-01-02T00:00:00Z");

    var report = compare(null, to);

    assertThat(report.get("period").get("from").asString()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(report.get("period").get("to").asString()).isEqualTo("2026-01-02T00:00:00Z");
  }

  @Test
  void refundThatFailsAfterItHasSucceededIsLoggedByARun() throws Exception {
    try (var service =
        RunningService.at(
            sandbox,
            "--shop.books.reconciliation.check-interval=200ms",
            "--shop.books.reconciliation.window=1s",
            "--shop.books.reconciliation.passes=0s,7s")) {
      SERVICE.whileStopped(() -> {
        var order = Kafka.place("pm_card_refundFail");
        Kafka.awaitTypes(order, STARTED, CAPTURED);
        Kafka.send(Kafka.refundRequested(order, UUID.randomUUID(), 1290));
        Kafka.last(order, REFUNDED, PaymentEvent.Refunded.class);

        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> Kafka.types(order).contains("shop.payment.refund-failed-later.v1"));

        var payment = service.bean(Payments.class).current(order.orderId()).orElseThrow();
        assertThat(payment.refunded().orElseThrow().amount()).isZero();
        assertThat(payment.refundable()).isEqualTo(order.amount());
      });
    }
    assertThat(Kafka.reconciliationPasses()).contains("PT0S", "PT7S");
    var passes = compare(null, null).get("passes");
    assertThat(passes).isNotNull();
  }

  @Test
  void unresponsivePspIs503() throws Exception {
    sandbox.faults("{\"kind\":\"error_500\",\"operation\":\"retrieve\"}");

    var response = get("", admin());

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void customersMayNotReadTheBooks() throws Exception {
    assertThat(get("", TestTokens.customer(UUID.randomUUID())).statusCode()).isEqualTo(403);
  }

  @Test
  void ledgerOfAnOrderBalances() throws Exception {
    var order = paid();
    Kafka.send(Kafka.refundRequested(order, UUID.randomUUID(), 1290));
    Kafka.last(order, REFUNDED, PaymentEvent.Refunded.class);

    var entries =
        Json.MAPPER
            .readTree(send("/admin/payments/" + order.orderId() + "/ledger", admin()).body())
            .get("items");
    var balances =
        Json.MAPPER.readTree(send("/admin/payments/ledger", admin()).body()).get("balances");

    assertThat(entries.valueStream().map(entry -> entry.get("text").asString()))
        .containsExactly("charged", "refund promised", "refund paid");
    assertThat(balances.get("EUR").valueStream().mapToLong(JsonNode::asLong).sum()).isZero();
  }

  private static PaymentTask.Pay paid() {
    var order = Kafka.place("pm_card_visa");
    Kafka.awaitTypes(order, STARTED, CAPTURED);
    return order;
  }

  private static String intent(PaymentTask.Pay order) {
    return Kafka.last(order, STARTED, PaymentEvent.Started.class).paymentIntentId();
  }

  private static void write(PaymentTask.Pay order, PaymentEvent event) throws Exception {
    Kafka.send(
        Envelope.of(event.type(), "payment-service", order.orderId().toString(), Instant.now())
            .record("payments", event));
  }

  private static List<JsonNode> differences(JsonNode report, List<String> orderIds) {
    return report
        .get("differences")
        .valueStream()
        .filter(difference ->
            difference.has("orderId") && orderIds.contains(difference.get("orderId").asString()))
        .toList();
  }

  private static JsonNode compare(Instant from, Instant to) throws Exception {
    var end = to == null ? Instant.now().plusSeconds(60) : to;
    var response = get("?to=" + end + (from == null ? "" : "&from=" + from), admin());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Json.MAPPER.readTree(response.body());
  }

  private static String admin() {
    return TestTokens.admin(UUID.randomUUID());
  }

  private static HttpResponse<String> get(String query, String token) throws Exception {
    return send("/admin/payments/reconciliation" + query, token);
  }

  private static HttpResponse<String> send(String path, String token) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(SERVICE.instance().url(path)))
            .header("Authorization", "Bearer " + token)
            .build(),
        BodyHandlers.ofString());
  }
}
