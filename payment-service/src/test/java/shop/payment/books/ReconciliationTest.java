package shop.payment.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.money.Money;
import shop.common.testkit.TestTokens;
import shop.payment.Due;
import shop.payment.Kafka;
import shop.payment.PaymentEvent;
import shop.payment.Sandbox;
import shop.payment.ServiceUnderTest;
import tools.jackson.databind.JsonNode;

/** The log compared with the real sandbox's books, with differences made behind its back. */
class ReconciliationTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";
  private static final String REFUNDED = "shop.payment.refunded.v1";

  @RegisterExtension private static final ServiceUnderTest STAGE = ServiceUnderTest.usual();

  private final Sandbox sandbox = STAGE.sandbox();

  @Test
  void booksThatAgreeHaveNoDifference() throws Exception {
    // More than a page of the PSP's lists.
    var dues = IntStream.range(0, 110).mapToObj(_ -> Kafka.place("pm_card_visa")).toList();
    var declined = Kafka.place("pm_card_chargeDeclined");
    dues.forEach(due -> Kafka.awaitTypes(due, STARTED, CAPTURED));
    Kafka.awaitTypes(declined, STARTED, "shop.payment.declined.v1");
    Kafka.send(Kafka.refundRequested(dues.getFirst(), UUID.randomUUID(), 1290));
    Kafka.last(dues.getFirst(), REFUNDED, PaymentEvent.Refunded.class);

    var report = compare(null, null);

    var orders = dues.stream().map(due -> due.orderId().toString()).toList();
    assertThat(differences(report, orders)).isEmpty();
    assertThat(report.get("charges").asLong()).isGreaterThanOrEqualTo(111);
    assertThat(report.get("refunds").asLong()).isPositive();
  }

  @Test
  void chargeAndRefundBehindTheShopsBackAreMissingHere() throws Exception {
    var due = paid();
    var stranger =
        sandbox.post(
            "/v1/payment_intents",
            "amount=777&currency=eur&payment_method=pm_card_visa&confirm=true"
                + "&metadata[order_id]="
                + due.orderId());
    sandbox.post("/v1/refunds", "payment_intent=" + intent(due) + "&amount=300");

    var found = compare(null, null).get("differences").valueStream().toList();

    assertThat(found)
        .anySatisfy(difference -> {
          assertThat(difference.get("kind").asString()).isEqualTo("MISSING_HERE");
          assertThat(difference.get("subject").asString()).isEqualTo("CHARGE");
          assertThat(difference.get("orderId").asString()).isEqualTo(due.orderId().toString());
          assertThat(difference.get("paymentIntentId")).isEqualTo(stranger.get("id"));
          assertThat(difference.get("here").get("amount").asLong()).isZero();
          assertThat(difference.get("there").get("amount").asLong()).isEqualTo(777);
        })
        .anySatisfy(difference -> {
          assertThat(difference.get("kind").asString()).isEqualTo("MISSING_HERE");
          assertThat(difference.get("subject").asString()).isEqualTo("REFUND");
          assertThat(difference.get("paymentIntentId").asString()).isEqualTo(intent(due));
          assertThat(difference.get("there").get("amount").asLong()).isEqualTo(300);
        });
  }

  @Test
  void refundMadeByHandIsNoDifferenceOnceACancelHasTakenItIntoTheLog() throws Exception {
    var due = paid();
    sandbox.post("/v1/refunds", "payment_intent=" + intent(due) + "&amount=300");
    assertThat(differences(compare(null, null), List.of(due.orderId().toString()))).hasSize(1);

    Kafka.send(Kafka.cancelRequested(due));
    await().until(() -> Kafka.types(due).stream().filter(REFUNDED::equals).count() == 2);

    assertThat(differences(compare(null, null), List.of(due.orderId().toString()))).isEmpty();
  }

  @Test
  void whatTheLogMadeUpIsMissingThere() throws Exception {
    var due = Kafka.due("pm_card_visa");
    write(due, new PaymentEvent.Started(due.customerId(), "pi_madeup", 1, due.amount()));
    write(due, new PaymentEvent.Captured(due.customerId(), "pi_madeup", due.amount()));
    var part = new Money(100, "EUR");
    var refund = UUID.randomUUID();
    write(due, new PaymentEvent.RefundStarted(due.customerId(), "pi_madeup", refund, 1, part));
    write(due, new PaymentEvent.Refunded(due.customerId(), "pi_madeup", refund, "re_madeup", part));

    var found = differences(compare(null, null), List.of(due.orderId().toString()));

    assertThat(found).hasSize(2);
    assertThat(found)
        .allSatisfy(
            difference -> assertThat(difference.get("kind").asString()).isEqualTo("MISSING_THERE"))
        .extracting(difference -> difference.get("subject").asString())
        .containsExactlyInAnyOrder("CHARGE", "REFUND");
  }

  @Test
  void anotherSumIsADifferenceOfAmount() throws Exception {
    var due = Kafka.due("pm_card_visa");
    var there =
        sandbox
            .post(
                "/v1/payment_intents",
                "amount=2000&currency=eur&payment_method=pm_card_visa&confirm=true"
                    + "&metadata[order_id]="
                    + due.orderId())
            .get("id")
            .asString();
    write(due, new PaymentEvent.Started(due.customerId(), there, 1, due.amount()));
    write(due, new PaymentEvent.Captured(due.customerId(), there, due.amount()));

    var found = differences(compare(null, null), List.of(due.orderId().toString()));

    assertThat(found).hasSize(1);
    assertThat(found.getFirst().get("kind").asString()).isEqualTo("AMOUNT");
    assertThat(found.getFirst().get("here").get("amount").asLong()).isEqualTo(2580);
    assertThat(found.getFirst().get("there").get("amount").asLong()).isEqualTo(2000);
  }

  @Test
  void periodLeavesOutWhatLiesOutside() throws Exception {
    var due = paid();
    sandbox.post("/v1/refunds", "payment_intent=" + intent(due) + "&amount=300");

    var past = compare(Instant.EPOCH, Instant.EPOCH.plusSeconds(60));

    assertThat(past.get("differences").isEmpty()).isTrue();
    assertThat(past.get("charges").asLong()).isZero();
    assertThat(get("?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", admin()).statusCode())
        .isEqualTo(422);
  }

  @Test
  void paymentsUnderWayAreNotComparedUnlessAskedFor() throws Exception {
    var due = paid();
    sandbox.post("/v1/refunds", "payment_intent=" + intent(due) + "&amount=300");

    var report = Json.MAPPER.readTree(get("", admin()).body());

    assertThat(report.get("differences").valueStream())
        .noneMatch(difference -> difference.get("paymentIntentId").asString().equals(intent(due)));
  }

  @Test
  void pspThatDoesNotAnswerIsSaidToBeUnavailable() throws Exception {
    sandbox.faults("{\"kind\":\"error_500\",\"operation\":\"retrieve\"}");

    var response = get("", admin());

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void customersMayNotLookIntoTheBooks() throws Exception {
    assertThat(get("", TestTokens.customer(UUID.randomUUID())).statusCode()).isEqualTo(403);
  }

  @Test
  void ledgerOfAnOrderBalances() throws Exception {
    var due = paid();
    Kafka.send(Kafka.refundRequested(due, UUID.randomUUID(), 1290));
    Kafka.last(due, REFUNDED, PaymentEvent.Refunded.class);

    var entries =
        Json.MAPPER
            .readTree(send("/admin/payments/" + due.orderId() + "/ledger", admin()).body())
            .get("items");
    var balances =
        Json.MAPPER.readTree(send("/admin/payments/ledger", admin()).body()).get("balances");

    assertThat(entries.valueStream().map(entry -> entry.get("text").asString()))
        .containsExactly("charged", "refund promised", "refund given back");
    assertThat(balances.get("EUR").valueStream().mapToLong(JsonNode::asLong).sum()).isZero();
  }

  private static Due paid() {
    var due = Kafka.place("pm_card_visa");
    Kafka.awaitTypes(due, STARTED, CAPTURED);
    return due;
  }

  private static String intent(Due due) {
    return Kafka.last(due, STARTED, PaymentEvent.Started.class).paymentIntentId();
  }

  private static void write(Due due, PaymentEvent event) throws Exception {
    Kafka.send(
        Envelope.of(event.type(), "payment-service", due.orderId().toString(), Instant.now())
            .record("payments", event));
  }

  private static List<JsonNode> differences(JsonNode report, List<String> orders) {
    return report
        .get("differences")
        .valueStream()
        .filter(difference ->
            difference.has("orderId") && orders.contains(difference.get("orderId").asString()))
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
        HttpRequest.newBuilder(URI.create(STAGE.service().url(path)))
            .header("Authorization", "Bearer " + token)
            .build(),
        BodyHandlers.ofString());
  }
}
