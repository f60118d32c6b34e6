package shop.gateway;

import static java.util.concurrent.CompletableFuture.supplyAsync;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.AccessTest.assertProblem;
import static shop.gateway.Gateway.bearer;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.netty.handler.codec.dns.DnsResponseCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.test.util.ReflectionTestUtils;
import shop.common.testkit.TempFolders;
import shop.gateway.discovery.ApiServer;
import shop.gateway.discovery.NameServer;
import tools.jackson.databind.JsonNode;

/** Instances that DNS and Kubernetes find. */
@Tag("slow")
class DiscoveryTest {

  private static final String ORDERS = "orders.shop.test";
  private static final String PAYMENTS = "_http._tcp.payments.shop.test";
  private static final String NOTIFICATIONS = "notifications.shop.test";
  private static final String ANALYTICS = "analytics.shop.test";

  private static final NameServer NAMES = new NameServer();
  private static final ApiServer KUBERNETES = new ApiServer();
  private static final Backend A = new Backend("a");
  private static final Backend B = new Backend("b", InetAddress.ofLiteral("127.0.0.2"), A.port());
  private static final Backend C = new Backend("c", InetAddress.ofLiteral("::1"), A.port());

  private static final Executor VIRTUAL = Executors.newVirtualThreadPerTaskExecutor();

  private static Gateway gateway;
  private static JsonNode tokens;

  @BeforeAll
  static void start() throws IOException {
    var conf = TempFolders.create("dns").resolve("resolv.conf");
    Files.writeString(conf, "search shop.test\n");
    NAMES.silence(ANALYTICS);
    gateway =
        Gateway.start(
            "ORDER_SERVICE_URLS=dns+http://orders:" + A.port(),
            "PAYMENT_SERVICE_URLS=srv+http://_http._tcp.payments.shop.test",
            "NOTIFICATION_SERVICE_URLS=dns+http://notifications:" + A.port(),
            "ANALYTICS_SERVICE_URLS=dns+http://analytics:" + A.port(),
            "OPERATIONS_SERVICE_URLS=k8s+http://operations:http",
            "shop.gateway.kubernetes.server=" + KUBERNETES.url(),
            "shop.gateway.kubernetes.credentials=" + KUBERNETES.credentials(),
            "shop.gateway.kubernetes.drain-time=2s",
            "shop.gateway.dns.servers=" + NAMES.address(),
            "shop.gateway.dns.resolv-conf=" + conf,
            "shop.gateway.dns.interval=100ms",
            "shop.gateway.dns.timeout=400ms",
            "shop.gateway.dns.hold-empty=0s",
            "BALANCING_ALGORITHM=round-robin",
            "HEALTH_CHECK_INTERVAL=200ms",
            "EJECTION_FAILURES=1000000");
    tokens = gateway.login(Gateway.ADMIN);
  }

  @AfterAll
  static void stop() {
    NAMES.close();
    KUBERNETES.close();
    A.close();
    B.close();
    C.close();
  }

  @BeforeEach
  void onlyA() {
    NAMES.heal(ORDERS);
    NAMES.remove(ORDERS);
    NAMES.a(ORDERS, "127.0.0.1");
    awaitUrls("order-service", A.url());
    await().untilAsserted(() -> assertThat(orders().body()).isEqualTo("a"));
  }

  @Test
  void everyAddressGetsRequests() {
    NAMES.a(ORDERS, "127.0.0.1", "127.0.0.2");

    awaitUrls("order-service", A.url(), url("127.0.0.2"));
    var answers = new HashSet<String>();
    await()
        .untilAsserted(() -> {
          answers.add(orders().body());
          assertThat(answers).containsExactlyInAnyOrder("a", "b");
        });
  }

  @Test
  void instanceThatReturnsUnderAnotherAddressIsFound() {
    NAMES.a(ORDERS, "127.0.0.2");

    awaitUrls("order-service", url("127.0.0.2"));
    assertThat(orders().body()).isEqualTo("b");
  }

  @Test
  void nothingIsKeptOfAnInstanceThatIsGone() throws ClassNotFoundException {
    NAMES.a(ORDERS, "127.0.0.2");
    awaitUrls("order-service", url("127.0.0.2"));

    var checks = gateway.bean(Class.forName("shop.gateway.routing.HealthChecks"));
    await()
        .untilAsserted(() ->
            assertThat((Map<?, ?>) ReflectionTestUtils.getField(checks, "known"))
                .matches(known -> !known.containsKey("order-service@127.0.0.1:" + A.port())));
  }

  @Test
  void ipv6AddressIsReached() {
    NAMES.remove(ORDERS);
    NAMES.aaaa(ORDERS, "::1");

    awaitUrls("order-service", url("[::1]"));
    C.requests().clear();
    assertThat(orders().body()).isEqualTo("c");
    assertThat(C.requests().getFirst().headers()).containsEntry("Host", "[::1]:" + A.port());
  }

  @Test
  void failedLookUpKeepsTheLastInstances() {
    NAMES.fail(ORDERS, DnsResponseCode.SERVFAIL);

    awaitLookUps(ORDERS);
    assertThat(urls("order-service")).containsExactly(A.url());
    assertThat(orders().body()).isEqualTo("a");
  }

  @Test
  void silentNameServerKeepsTheLastInstances() {
    NAMES.silence(ORDERS);

    awaitLookUps(ORDERS);
    assertThat(urls("order-service")).containsExactly(A.url());
    assertThat(orders().body()).isEqualTo("a");
  }

  @Test
  void nameThatIsGoneHasNoInstancesUntilItReturns() {
    NAMES.remove(ORDERS);

    awaitUrls("order-service");
    var response = orders();
    assertProblem(response, 503, "/problems/unavailable");
    assertThat(Gateway.json(response).get("detail").asString())
        .startsWith("No instance of the service is reachable");

    NAMES.a(ORDERS, "127.0.0.2");
    await().untilAsserted(() -> assertThat(orders().body()).isEqualTo("b"));
  }

  @Test
  void gatewayIsReadyBeforeAnyAnswer() {
    assertThat(gateway.get("/readyz").statusCode()).isEqualTo(200);
    assertProblem(get("/notifications/settings"), 503, "/problems/unavailable");

    NAMES.a(NOTIFICATIONS, "127.0.0.1");
    await().untilAsserted(() -> assertThat(get("/notifications/settings").body()).isEqualTo("a"));
  }

  @Test
  void serviceRecordsGivePortWeightAndPriority() {
    NAMES.a("a.shop.test", "127.0.0.1");
    NAMES.a("b.shop.test", "127.0.0.2");
    NAMES.srv(
        PAYMENTS,
        "10 3 %d a.shop.test".formatted(A.port()),
        "20 1 %d b.shop.test".formatted(A.port()));

    awaitUrls("payment-service", A.url(), url("127.0.0.2"));
    var primary = instances("payment-service").get(A.url());
    assertThat(primary.get("weight").asInt()).isEqualTo(3);
    assertThat(primary.get("priority").asInt()).isZero();
    var backup = instances("payment-service").get(url("127.0.0.2"));
    assertThat(backup.get("priority").asInt()).isEqualTo(1);
    await()
        .untilAsserted(() ->
            assertThat(instances("payment-service").values())
                .allMatch(instance -> instance.get("state").asString().equals("healthy")));
    for (int number = 0; number < 10; number++) {
      assertThat(get("/payments/1").body()).isEqualTo("a");
    }
  }

  @Test
  void answerThatIsTooLongForUdpIsAskedForOverTcp() {
    var addresses =
        IntStream.rangeClosed(1, 60).mapToObj(n -> "127.0.9." + n).toArray(String[]::new);
    NAMES.a(ANALYTICS, addresses);
    NAMES.heal(ANALYTICS);

    await()
        .atMost(30, SECONDS)
        .untilAsserted(() -> assertThat(urls("analytics-service")).hasSize(60));
    NAMES.a(ANALYTICS, "127.0.0.1");
    awaitUrls("analytics-service", A.url());
  }

  @Test
  void readyPodsGetRequestsAndNoOthers() {
    KUBERNETES.put(pods().addNewEndpoint().withAddresses("127.0.0.1").endEndpoint());
    awaitUrls("operations-service", A.url());
    await().untilAsserted(() -> assertThat(get("/admin/dlq/1").body()).isEqualTo("a"));

    KUBERNETES.put(
        pods()
            .addNewEndpoint()
            .withAddresses("127.0.0.1")
            .withNewConditions(false, false, false)
            .endEndpoint()
            .addNewEndpoint()
            .withAddresses("127.0.0.2")
            .withZone("eu-1")
            .endEndpoint());

    awaitUrls("operations-service", url("127.0.0.2"));
    await().untilAsserted(() -> assertThat(get("/admin/dlq/1").body()).isEqualTo("b"));
    assertThat(instances("operations-service").get(url("127.0.0.2")).get("zone").asString())
        .isEqualTo("eu-1");
  }

  @Test
  void streamsOfATerminatingPodEndAndResumeAtAnotherWhileRequestsGoOn() {
    KUBERNETES.put(pods().addNewEndpoint().withAddresses("127.0.0.1").endEndpoint());
    awaitUrls("operations-service", A.url());
    await().untilAsserted(() -> assertThat(get("/admin/dlq/1").body()).isEqualTo("a"));
    A.requests().clear();
    var streams =
        Stream.generate(() -> supplyAsync(() -> get("/admin/dlq/stream"), VIRTUAL))
            .limit(20)
            .toList();
    var request = supplyAsync(() -> get("/admin/dlq/never"), VIRTUAL);
    await().until(() -> A.requests().size() == 21);

    KUBERNETES.put(
        pods()
            .addNewEndpoint()
            .withAddresses("127.0.0.1")
            .withNewConditions(false, true, true)
            .endEndpoint()
            .addNewEndpoint()
            .withAddresses("127.0.0.2")
            .endEndpoint());

    assertThat(streams)
        .allSatisfy(stream ->
            assertThat(stream)
                .succeedsWithin(20, SECONDS)
                .extracting(HttpResponse::body)
                .isEqualTo("id: 1\ndata: a\n\n"));
    assertThat(request).isNotDone();
    B.requests().clear();
    var resumed =
        supplyAsync(
            () -> gateway.get("/admin/dlq/stream", with(bearer(tokens), "Last-Event-ID", "1")),
            VIRTUAL);
    await()
        .untilAsserted(() ->
            assertThat(B.requests())
                .anySatisfy(it -> assertThat(it.headers()).containsEntry("Last-Event-ID", "1")));
    B.release();
    assertThat(resumed).succeedsWithin(20, SECONDS);
    A.release();
    assertThat(request).succeedsWithin(20, SECONDS).extracting(HttpResponse::body).isEqualTo("a");
  }

  private static EndpointSliceBuilder pods() {
    return ApiServer.slice("operations-1", "operations", A.port());
  }

  private static String[] with(String[] headers, String... more) {
    return Stream.concat(Stream.of(headers), Stream.of(more)).toArray(String[]::new);
  }

  private static HttpResponse<String> orders() {
    return get("/products/lamp");
  }

  private static HttpResponse<String> get(String path) {
    return gateway.get(path, bearer(tokens));
  }

  private static String url(String host) {
    return "http://" + host + ":" + A.port();
  }

  /** Waits until look-ups that began after the call have ended. */
  private static void awaitLookUps(String name) {
    long before = NAMES.queries(name);
    await().atMost(30, SECONDS).until(() -> NAMES.queries(name) >= before + 8);
  }

  private static void awaitUrls(String service, String... urls) {
    await()
        .atMost(30, SECONDS)
        .untilAsserted(() -> assertThat(urls(service)).containsExactlyInAnyOrder(urls));
  }

  private static Set<String> urls(String service) {
    return instances(service).keySet();
  }

  private static Map<String, JsonNode> instances(String service) {
    var instances = new TreeMap<String, JsonNode>();
    Gateway.json(get("/admin/gateway/status"))
        .get("services")
        .forEach(node -> {
          if (node.get("name").asString().equals(service)) {
            node.get("instances").forEach(it -> instances.put(it.get("url").asString(), it));
          }
        });
    return instances;
  }
}
