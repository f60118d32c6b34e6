package shop.e2e.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.e2e.ApiClient.json;
import static shop.e2e.ApiClient.order;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import shop.e2e.ApiClient;

/** What every load balancer before two gateways must do. */
abstract class EdgeScenario {

  static final URI EDGE = URI.create("http://127.0.0.1:" + TwoGateways.EDGE_PORT);

  private static final String SHIPMENT =
      "{\"carrier\":\"Example Post\",\"trackingNumber\":\"EX1\"}";
  private static final Pattern REMAINING = Pattern.compile("r=(\\d+)");

  static TwoGateways gateways;

  /** Each client has limits of its own, and a header that a client forges changes nothing. */
  @Test
  void theClientsAddressArrivesAndAForgedOneDoesNot() throws Exception {
    int first = remainingRegistrations("127.0.0.41", "192.0.2.1");

    assertThat(remainingRegistrations("127.0.0.41", "192.0.2.2")).isEqualTo(first - 1);
    assertThat(remainingRegistrations("127.0.0.41", "127.0.0.42")).isEqualTo(first - 2);
    assertThat(remainingRegistrations("127.0.0.42", "192.0.2.1")).isEqualTo(first);
  }

  @Test
  void bothGatewaysGetConnections() {
    gateways.awaitRequestsAtBoth(EDGE);
  }

  @Test
  void aKilledGatewayBreaksOnlyWhatItHadInFlight() {
    var customer = ApiClient.registered(EDGE);
    String order = confirmedOrder(customer);
    try (var stream = streamAtFirstGateway(customer, order);
        var traffic = OrderTraffic.start(EDGE)) {
      gateways.kill(0);

      traffic.awaitMore();
      traffic.stop();
      assertThat(traffic.failures()).hasSizeLessThanOrEqualTo(OrderTraffic.CUSTOMERS);
      await().atMost(TwoGateways.SOON).until(stream::ended);
      assertResumes(customer, order, stream);
    } finally {
      gateways.startAgain(0);
    }
    gateways.awaitRequestsAtBoth(EDGE);
  }

  @Test
  void aGatewayThatIsStoppedFailsNoRequest() {
    try (var traffic = OrderTraffic.start(EDGE)) {
      gateways.stop(0);

      traffic.awaitMore();
      traffic.stop();
      assertThat(traffic.failures()).isEmpty();
    } finally {
      gateways.startAgain(0);
    }
    gateways.awaitRequestsAtBoth(EDGE);
  }

  /** The stream goes on after the last event that was seen, without repeating one. */
  private static void assertResumes(ApiClient customer, String order, OrderEvents broken) {
    assertThat(broken.ids()).containsExactly("1", "2");
    try (var resumed = new OrderEvents(EDGE, customer, order, "2")) {
      var admin = gateways.admin(EDGE);
      var shipped = admin.post("/orders/" + order + "/shipments", key(), SHIPMENT);
      assertThat(shipped.statusCode()).as(shipped.body()).isEqualTo(201);
      await().atMost(TwoGateways.SOON).until(() -> !resumed.ids().isEmpty());
      assertThat(resumed.ids()).containsExactly("3");
    }
  }

  private static String confirmedOrder(ApiClient customer) {
    var placed = customer.place(key(), order("MUG-WHITE", 1, "pm_card_visa"));
    assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
    String id = json(placed).get("id").asString();
    await()
        .atMost(TwoGateways.SOON)
        .until(() ->
            json(customer.get("/orders/" + id)).path("status").asString().equals("CONFIRMED"));
    return id;
  }

  /**
   * Opens streams until one is at the first gateway. The others stay open meanwhile: a load
   * balancer that looks for the fewest connections would choose the same gateway again.
   */
  private static OrderEvents streamAtFirstGateway(ApiClient customer, String order) {
    var elsewhere = new ArrayList<OrderEvents>();
    try {
      return await()
          .atMost(TwoGateways.SOON)
          .until(
              () -> {
                double before = gateways.requests(0);
                var stream = new OrderEvents(EDGE, customer, order, "0");
                await().atMost(TwoGateways.SOON).until(() -> stream.ids().size() == 2);
                if (gateways.requests(0) > before) {
                  return stream;
                }
                elsewhere.add(stream);
                return null;
              },
              found -> found != null);
    } finally {
      elsewhere.forEach(OrderEvents::close);
    }
  }

  private static int remainingRegistrations(String address, String forged)
      throws IOException, InterruptedException {
    var client = HttpClient.newBuilder().localAddress(InetAddress.getByName(address));
    try (var http = client.build()) {
      var response =
          http.send(
              HttpRequest.newBuilder(EDGE.resolve("/auth/register"))
                  .header("X-Forwarded-For", forged)
                  .header("Forwarded", "for=" + forged)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{}"))
                  .build(),
              BodyHandlers.ofString());
      var limit = response.headers().firstValue("RateLimit").orElse("");
      var remaining = REMAINING.matcher(limit);
      assertThat(remaining.find()).as(response + " " + limit).isTrue();
      return Integer.parseInt(remaining.group(1));
    }
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }
}
