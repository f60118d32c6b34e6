package shop.payment.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import shop.common.json.Json;
import shop.common.testkit.OpenApiFuzz;
import shop.common.testkit.TestTokens;
import shop.payment.Kafka;
import shop.payment.PaymentTask;
import shop.payment.Payments;
import shop.payment.ServiceUnderTest;

@Tag("slow")
class PaymentApiTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @RegisterExtension private static final ServiceUnderTest SERVICE = ServiceUnderTest.standard();

  private static PaymentTask.Pay declined;

  @BeforeAll
  static void placeADeclinedOrder() {
    declined = Kafka.place("pm_card_visa_chargeDeclinedStolenCard");
    Kafka.awaitTypes(declined, "shop.payment.started.v1", "shop.payment.declined.v1");
  }

  @Test
  void everyOperationRespondsAsItsDocumentSays() throws Exception {
    int port = URI.create(SERVICE.instance().url("/")).getPort();

    OpenApiFuzz.run(port, TestTokens.admin(UUID.randomUUID()), 1, 30, Set.of());
  }

  @Test
  void headIsAllowedWhereGetIs() throws Exception {
    var response =
        HTTP.send(
            HttpRequest.newBuilder(
                    URI.create(SERVICE.instance().url("/payments/" + declined.orderId())))
                .header("Authorization", "Bearer " + TestTokens.customer(declined.customerId()))
                .HEAD()
                .build(),
            BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(200);
  }

  @Test
  void ownerSeesTheResultWithoutTheIntentId() throws Exception {
    var response = get(declined.orderId(), TestTokens.customer(declined.customerId()));

    assertThat(response.statusCode()).isEqualTo(200);
    var body = Json.MAPPER.readTree(response.body());
    assertThat(body.get("orderId").asString()).isEqualTo(declined.orderId().toString());
    assertThat(body.get("status").asString()).isEqualTo("DECLINED");
    assertThat(body.get("amount").get("amount").asLong()).isEqualTo(2580);
    assertThat(body.get("amount").get("currency").asString()).isEqualTo("EUR");
    assertThat(body.get("reason").asString()).isEqualTo("payment_declined");
    assertThat(response.body()).doesNotContain("stolen");
    assertThat(body.get("updatedAt").asString()).endsWith("Z");
    assertThat(body.has("paymentIntentId")).isFalse();
  }

  @Test
  void adminSeesTheIntentIdAndTheCodeOfTheProvider() throws Exception {
    var response = get(declined.orderId(), TestTokens.admin(UUID.randomUUID()));

    var body = Json.MAPPER.readTree(response.body());
    assertThat(body.get("paymentIntentId").asString()).startsWith("pi_");
    assertThat(body.get("reason").asString()).isEqualTo("payment_declined");
    assertThat(body.get("providerCode").asString()).isEqualTo("stolen_card");
  }

  @Test
  void ownerSeesTheChargedAndRefundedAmounts() throws Exception {
    var order = Kafka.place("pm_card_visa");
    Kafka.awaitTypes(order, "shop.payment.started.v1", "shop.payment.captured.v1");
    var refundId = UUID.randomUUID();
    Kafka.send(Kafka.refundRequested(order, refundId, 1290));
    Kafka.last(order, "shop.payment.refunded.v1", Object.class);

    var body =
        Json.MAPPER.readTree(get(order.orderId(), TestTokens.customer(order.customerId())).body());

    assertThat(body.get("captured").get("amount").asLong()).isEqualTo(2580);
    assertThat(body.get("refunded").get("amount").asLong()).isEqualTo(1290);
    var refund = body.get("refunds").get(0);
    assertThat(refund.get("refundId").asString()).isEqualTo(refundId.toString());
    assertThat(refund.get("status").asString()).isEqualTo("SUCCEEDED");
    assertThat(refund.get("amount").get("amount").asLong()).isEqualTo(1290);
    assertThat(refund.has("pspRefundId")).isFalse();
  }

  @Test
  void paymentThatWasVoidedWithoutAnIntentHasNoAmounts() throws Exception {
    var order = Kafka.newOrder("pm_card_visa");
    Kafka.send(Kafka.cancelRequested(order));
    Kafka.awaitTypes(order, "shop.payment.voided.v1");

    var body =
        Json.MAPPER.readTree(get(order.orderId(), TestTokens.customer(order.customerId())).body());

    assertThat(body.get("status").asString()).isEqualTo("VOIDED");
    assertThat(body.has("amount")).isFalse();
    assertThat(body.get("refunds").isEmpty()).isTrue();
  }

  @Test
  void paymentOfAnotherCustomerIs404LikeAMissingOne() throws Exception {
    var another = get(declined.orderId(), TestTokens.customer(UUID.randomUUID()));
    var none = get(UUID.randomUUID(), TestTokens.customer(UUID.randomUUID()));

    assertThat(another.statusCode()).isEqualTo(404);
    assertThat(another.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(none.statusCode()).isEqualTo(404);
    assertThat(Json.MAPPER.readTree(another.body()).get("detail"))
        .isEqualTo(Json.MAPPER.readTree(none.body()).get("detail"));
  }

  @Test
  void requestWithoutATokenIs401() throws Exception {
    var request =
        HttpRequest.newBuilder(
            URI.create(SERVICE.instance().url("/payments/" + UUID.randomUUID())));

    assertThat(HTTP.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
  }

  @Test
  void readyAfterPartitionsAreAssigned() throws Exception {
    await()
        .untilAsserted(() -> {
          var request = HttpRequest.newBuilder(URI.create(SERVICE.instance().url("/readyz")));
          assertThat(HTTP.send(request.build(), BodyHandlers.ofString()).statusCode())
              .isEqualTo(200);
        });
  }

  @Test
  void metricsAreServed() throws Exception {
    var request =
        HttpRequest.newBuilder(
            URI.create(SERVICE.instance().managementUrl("/actuator/prometheus")));

    assertThat(HTTP.send(request.build(), BodyHandlers.ofString()).body())
        .contains("payments_in_flight")
        .contains("payments_held")
        .contains("payments_capacity")
        .contains("payments_retries_total")
        .contains("payments_dead_letters_total")
        .contains("resilience4j_circuitbreaker_state");
  }

  @Test
  void headAndOptionsNeedWhatGetNeeds() throws Exception {
    String path = SERVICE.instance().url("/payments/" + declined.orderId());
    for (String method : new String[] {"HEAD", "OPTIONS"}) {
      var request =
          HttpRequest.newBuilder(URI.create(path)).method(method, BodyPublishers.noBody());

      assertThat(HTTP.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
      request.header("Authorization", "Bearer " + TestTokens.customer(declined.customerId()));
      assertThat(HTTP.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void theServingPortHasNoActuator() throws Exception {
    for (var path : List.of("/actuator", "/actuator/prometheus", "/actuator/health/readiness")) {
      var request = HttpRequest.newBuilder(URI.create(SERVICE.instance().url(path))).build();
      assertThat(HTTP.send(request, BodyHandlers.discarding()).statusCode())
          .as(path)
          .isEqualTo(404);
    }
  }

  private static HttpResponse<String> get(UUID orderId, String token) throws Exception {
    // The test's own consumer may be ahead of the service's.
    SERVICE.instance().bean(Payments.class).current(orderId);
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(SERVICE.instance().url("/payments/" + orderId)))
            .header("Authorization", "Bearer " + token)
            .build(),
        BodyHandlers.ofString());
  }
}
