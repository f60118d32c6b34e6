package shop.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.e2e.ApiClient.json;
import static shop.e2e.ApiClient.order;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.local.mail.Mail;
import tools.jackson.databind.JsonNode;

/** Journeys of a customer and an admin through the whole platform. */
class JourneyTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String VISA = "pm_card_visa";
  private static final String NO_MONEY = "pm_card_chargeDeclinedInsufficientFunds";

  private static URI gateway;
  private static ApiClient admin;
  private static Ledger ledger;

  @BeforeAll
  static void platformRuns() {
    gateway = SharedPlatform.platform().gatewayUrl();
    ledger = Ledger.ofSharedPlatform();
    admin = admin();
  }

  @Test
  void anOrderIsPaidOnceAndSeen() {
    var customer = ApiClient.registered(gateway);
    String key = UUID.randomUUID().toString();
    long confirmedBefore = hourlyFigure("confirmed");

    var first = customer.place(key, order("MUG-WHITE", 2, VISA));

    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    String id = json(first).get("id").asString();
    await().atMost(SOON).until(() -> customer.status(id).equals("CONFIRMED"));
    assertThat(ledger.charges(id)).containsExactly(2580L);
    assertThat(json(customer.get("/payments/" + id)).get("status").asString())
        .isEqualTo("CAPTURED");

    var again = customer.place(key, order("MUG-WHITE", 2, VISA));
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(ledger.charges(id)).hasSize(1);

    await().atMost(SOON).untilAsserted(() -> assertThat(mailsOf(customer)).hasSize(2));
    assertThat(mailsOf(customer))
        .extracting(Mail::text)
        .allSatisfy(text -> assertThat(text).contains(id.substring(0, 8)));
    await().atMost(SOON).until(() -> hourlyFigure("confirmed") > confirmedBefore);
  }

  @Test
  @Tag("slow")
  void aDeclinedCardFailsTheOrderWithoutACharge() {
    var customer = ApiClient.registered(gateway);
    long failedBefore = hourlyFigure("failed");

    String id = placed(customer, "MUG-BLUE", NO_MONEY);

    await().atMost(SOON).until(() -> customer.status(id).equals("PAYMENT_FAILED"));
    assertThat(ledger.charges(id)).isEmpty();
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(mailsOf(customer))
                .anySatisfy(mail -> assertThat(mail.subject()).contains("did not go through")));
    await().atMost(SOON).until(() -> hourlyFigure("failed") > failedBefore);
  }

  @Test
  @Tag("slow")
  void aPoisonRecordIsDeadLetteredOncePerGroupAndProcessingContinues() {
    byte[] poison = ("poison " + UUID.randomUUID()).getBytes(UTF_8);
    poisonOrders(poison);

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(deadLetters(poison))
                .extracting(entry -> entry.get("group").asString())
                .containsExactlyInAnyOrder(
                    "order-view", "payment-service", "notification-service", "analytics-service"));

    var customer = ApiClient.registered(gateway);
    for (int i = 0; i < 24; i++) {
      String id = placed(customer, "TEA-ASSAM", VISA);
      await().atMost(SOON).until(() -> customer.status(id).equals("CONFIRMED"));
    }
  }

  @Test
  @Tag("slow")
  void aDeadLetterThatFailsAgainKeepsItsHistory() {
    byte[] poison = ("incurable " + UUID.randomUUID()).getBytes(UTF_8);
    poisonOrders(poison);
    await().atMost(SOON).until(() -> deadLetters(poison).size() == 4);

    for (var entry : deadLetters(poison)) {
      String path = "/admin/dlq/" + entry.get("id").asString();
      assertThat(admin.post(path + "/retry", "{}").statusCode()).isEqualTo(202);
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            var shown = json(admin.get(path));
            assertThat(shown.get("state").asString()).as(path).isEqualTo("FAILED");
            assertThat(shown.get("history")).as(path).hasSizeGreaterThanOrEqualTo(2);
          });
    }
  }

  @Test
  @Tag("slow")
  void endpointsRequireAuthenticationAndOwnership() {
    var customer = ApiClient.registered(gateway);
    String id = placed(customer, "MUG-WHITE", VISA);
    var stranger = ApiClient.anonymous(gateway);

    assertThat(stranger.get("/orders").statusCode()).isEqualTo(401);
    assertThat(stranger.get("/orders/" + id).statusCode()).isEqualTo(401);
    assertThat(stranger.get("/products").statusCode()).isEqualTo(200);
    assertThat(ApiClient.registered(gateway).get("/orders/" + id).statusCode()).isEqualTo(404);
    assertThat(ApiClient.registered(gateway).get("/payments/" + id).statusCode()).isEqualTo(404);
    assertThat(customer.get("/admin/dlq").statusCode()).isEqualTo(403);
    assertThat(customer.get("/analytics/summary").statusCode()).isEqualTo(403);

    assertThat(customer.post("/auth/logout", "").statusCode()).isEqualTo(204);
    assertThat(customer.get("/orders/" + id).statusCode()).isEqualTo(401);
  }

  @Test
  @Tag("slow")
  void ordersSurviveARestart() {
    var customer = ApiClient.registered(gateway);
    String id = placed(customer, "MUG-WHITE", VISA);
    await().atMost(SOON).until(() -> customer.status(id).equals("CONFIRMED"));

    SharedPlatform.again();

    admin = admin();
    var back = ApiClient.loggedIn(gateway, customer.email(), "correct horse battery");
    assertThat(back.status(id)).isEqualTo("CONFIRMED");
    String next = placed(back, "MUG-WHITE", VISA);
    await().atMost(SOON).until(() -> back.status(next).equals("CONFIRMED"));
    assertThat(json(back.get("/orders")).get("items")).hasSize(2);
  }

  private static ApiClient admin() {
    return ApiClient.loggedIn(gateway, "admin@shop.test", SharedPlatform.platform().demoPassword());
  }

  private static String placed(ApiClient customer, String sku, String paymentMethod) {
    var response = customer.place(UUID.randomUUID().toString(), order(sku, 1, paymentMethod));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return json(response).get("id").asString();
  }

  private static List<Mail> mailsOf(ApiClient customer) {
    return SharedPlatform.platform().mails().stream()
        .filter(mail -> mail.to().equals(customer.email()))
        .toList();
  }

  /** A figure of the last hour, plus that of the next hour if it has begun. */
  private static long hourlyFigure(String name) {
    var items = json(admin.get("/analytics/orders?bucket=hour")).get("items");
    long sum = 0;
    for (JsonNode item : items) {
      sum += item.get(name).asLong();
    }
    return sum;
  }

  private static List<JsonNode> deadLetters(byte[] body) {
    List<JsonNode> entries = new ArrayList<>();
    for (var entry : json(admin.get("/admin/dlq?topic=orders&limit=100")).get("items")) {
      var shown = json(admin.get("/admin/dlq/" + entry.get("id").asString()));
      if (shown.path("body").path("text").asString().equals(new String(body, UTF_8))) {
        entries.add(shown);
      }
    }
    return entries;
  }

  private static void poisonOrders(byte[] poison) {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            SharedPlatform.platform().kafkaBootstrapServers());
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      assertThat(producer.send(new ProducerRecord<>("orders", poison, poison)))
          .succeedsWithin(SOON);
    }
  }
}
