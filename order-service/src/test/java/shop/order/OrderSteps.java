package shop.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.order.TestOrders.json;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.kafka.core.KafkaTemplate;

/** What happens to orders of a customer: through payment-service, and by an admin. */
public record OrderSteps(
    KafkaTemplate<byte[], byte[]> kafka, TestOrders customer, TestOrders admin) {

  public static final Duration TIMEOUT = Duration.ofSeconds(60);

  public void confirm(String id) {
    fact(id, PaymentFact.Captured.TYPE, Map.of("paymentIntentId", "pi_" + id));
    awaitStatus(id, "CONFIRMED");
  }

  public void decline(String id) {
    fact(id, PaymentFact.Declined.TYPE, Map.of("reason", "expired_card"));
    awaitStatus(id, "PAYMENT_FAILED");
  }

  public void ship(String id, String key, String trackingNumber) {
    var response = requestShipment(id, key, trackingNumber);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    awaitStatus(id, "SHIPPED");
  }

  public HttpResponse<String> requestShipment(String id, String key, String trackingNumber) {
    return admin.post(
        "/orders/" + id + "/shipments",
        key,
        "{\"carrier\":\"Post\",\"trackingNumber\":\"" + trackingNumber + "\"}");
  }

  /**
   * Requests a refund.
   *
   * @param amount a field of the request; empty for everything
   */
  public HttpResponse<String> requestRefund(String id, String amount) {
    return admin.post(
        "/orders/" + id + "/refunds",
        UUID.randomUUID().toString(),
        "{\"reason\":\"bent\"" + amount + "}");
  }

  /** Reports that the refund was made that was requested. */
  public void refund(String id) {
    fact(id, PaymentFact.Refunded.TYPE, requestedRefund(id));
  }

  private Map<String, Object> requestedRefund(String id) {
    var details =
        await()
            .atMost(TIMEOUT)
            .until(
                () ->
                    json(customer.get("/orders/" + id + "/events"))
                        .get("items")
                        .valueStream()
                        .map(event -> event.get("details"))
                        .filter(event -> event.has("refundId"))
                        .findFirst(),
                Optional::isPresent)
            .orElseThrow();
    return Map.of("refundId", details.get("refundId"), "amount", details.get("amount"));
  }

  public void fact(String id, String type, Map<String, ?> data) {
    PaymentFacts.publish(kafka, customer, id, type, data);
  }

  public void awaitStatus(String id, String status) {
    await()
        .atMost(TIMEOUT)
        .until(() -> customer.order(id).path("status").asString().equals(status));
  }
}
