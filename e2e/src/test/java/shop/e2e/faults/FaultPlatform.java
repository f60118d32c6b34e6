package shop.e2e.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntConsumer;
import shop.e2e.ApiClient;
import shop.e2e.faults.ClientHistory.RequestResult;
import shop.local.Platform;
import shop.local.PlatformOptions;

/** The platform under test, with access to everything that can inject and remove faults. */
final class FaultPlatform implements AutoCloseable {

  static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The services that can run with two instances. */
  static final List<String> SERVICES =
      List.of(
          "order-service",
          "payment-service",
          "notification-service",
          "analytics-service",
          "operations-service");

  private static final int OFFSET = 10_000;
  private static final int KAFKA_PROXY = 29_095;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final int instances;
  private final Optional<LimitedDisk> postgresDisk;
  private final LossyProxy kafkaProxy;
  private final Platform processes;
  private final KafkaLog log;
  private final SandboxClient sandbox;
  private final SplittableRandom random;
  private final ClientHistory history = new ClientHistory();
  private final RetryingClient customer;
  private final RetryingClient admin;

  private FaultPlatform(Path folder, int instances, long seed, Optional<LimitedDisk> postgresDisk) {
    this.instances = instances;
    this.postgresDisk = postgresDisk;
    random = new SplittableRandom(seed);
    Map<String, Integer> counts = new HashMap<>();
    SERVICES.forEach(service -> counts.put(service, instances));
    kafkaProxy = new LossyProxy(KAFKA_PROXY, KAFKA_PROXY - 1);
    processes =
        Platform.start(
            new PlatformOptions(
                    folder, OFFSET, counts, ShortTimeouts.ENVIRONMENT, KAFKA_PROXY, false)
                .withPostgresLauncher(postgresDisk.map(LimitedDisk::launcher).orElse(List.of())));
    log = new KafkaLog(processes.kafkaBootstrapServers());
    sandbox = new SandboxClient(processes.sandboxUrl(), seed);
    customer = newClient();
    var adminApi = adminLogin();
    addProduct(adminApi, GOLD, 60_000_000);
    addProduct(adminApi, STICKER, 1);
    admin = new RetryingClient(adminApi, history);
  }

  /**
   * Starts a platform with this number of instances of each service.
   *
   * @param postgresDisk where the data of PostgreSQL lie; empty for the disk of the others
   */
  static FaultPlatform open(
      Path folder, int instances, long seed, Optional<LimitedDisk> postgresDisk) {
    return new FaultPlatform(folder, instances, seed, postgresDisk);
  }

  /** The disk of PostgreSQL alone. */
  LimitedDisk postgresDisk() {
    return postgresDisk.orElseThrow();
  }

  Platform processes() {
    return processes;
  }

  LossyProxy kafkaProxy() {
    return kafkaProxy;
  }

  KafkaLog log() {
    return log;
  }

  SandboxClient sandbox() {
    return sandbox;
  }

  ClientHistory history() {
    return history;
  }

  /** The random generator of the faults, seeded with the run's seed. */
  SplittableRandom random() {
    return random;
  }

  /** The minimum duration of a PSP outage, in seconds. */
  int outageSeconds() {
    return instances == 1 ? 5 : 20;
  }

  int instances() {
    return instances;
  }

  /** The customer who places the orders that the faults target. */
  RetryingClient customer() {
    return customer;
  }

  RetryingClient admin() {
    return admin;
  }

  /** Registers a new customer. */
  RetryingClient newClient() {
    return newClient("c-" + UUID.randomUUID() + "@example.org");
  }

  RetryingClient newClient(String email) {
    return new RetryingClient(ApiClient.registered(processes.gatewayUrl(), email), history);
  }

  private ApiClient adminLogin() {
    return ApiClient.loggedIn(processes.gatewayUrl(), "admin@shop.test", processes.demoPassword());
  }

  /** Places an order of the customer with a valid card and waits until it is accepted. */
  String placeOrder() {
    return placeOrder(UUID.randomUUID().toString());
  }

  /** Like {@link #placeOrder()}, with a key that determines the order's id. */
  String placeOrder(String key) {
    var response = customer.place(key, ORDER, () -> true);
    if (response.result() != RequestResult.OK) {
      throw new AssertionError("An order was rejected: " + response);
    }
    return customer.orderId(key);
  }

  /** A product of which two pieces cost more than the provider charges at once. */
  static final String GOLD = "GOLD-BAR";

  /** A product whose price is below what the provider charges. */
  static final String STICKER = "STICKER";

  private static void addProduct(ApiClient admin, String sku, long price) {
    var created =
        admin.create(
            "/products/" + sku,
            """
            {"name":"%s","description":"","category":"Test","prices":[{"amount":%d,"currency":"EUR"}]}\
            """
                .formatted(sku, price));
    var stocked =
        admin.post(
            "/products/" + sku + "/stock",
            UUID.randomUUID().toString(),
            "{\"delta\":100000,\"reason\":\"first stock\"}");
    if (created.statusCode() != 201 || stocked.statusCode() != 201) {
      throw new AssertionError(created.body() + " " + stocked.body());
    }
  }

  static final String ORDER = ApiClient.order("MUG-WHITE", 2, "pm_card_visa");

  /** Waits until an order's status matches the pattern, and returns the status. */
  String awaitStatus(String orderId, String pattern) {
    return await("order " + orderId + " to be " + pattern)
        .atMost(TIMEOUT)
        .until(() -> statusOf(orderId), status -> status.matches(pattern));
  }

  String statusOf(String orderId) {
    var response = admin.get("/orders/" + orderId);
    return response.result() == RequestResult.OK
        ? ApiClient.JSON.readTree(response.body()).get("status").asString()
        : "";
  }

  /** Kills every instance of a service at once (SIGKILL). */
  void killAll(String service) {
    forEachInstance(service, number -> processes.kill(service, number));
  }

  /** Runs an action for the number of every running instance of a service. */
  void forEachInstance(String service, IntConsumer action) {
    for (int number = 0; number < instances; number++) {
      if (processes.runs(service, number)) {
        action.accept(number);
      }
    }
  }

  /**
   * Restarts every instance that has ended or fails its liveness probe, and PostgreSQL if it has
   * ended, like an orchestrator.
   */
  void recover() {
    processes.postgres().start();
    for (var service : SERVICES) {
      for (int number = 0; number < instances; number++) {
        if (processes.runs(service, number) && !isLive(service, number)) {
          processes.kill(service, number);
        }
        if (!processes.runs(service, number)) {
          processes.restart(service, number);
        }
      }
    }
    if (!processes.runs("gateway", 0)) {
      processes.restart("gateway", 0);
    }
  }

  private boolean isLive(String service, int number) {
    try {
      var liveness = processes.url(service, number).resolve("/livez");
      return HTTP.send(request(liveness), BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The metrics of one instance. */
  String metrics(String service, int number) {
    try {
      var metrics = processes.managementUrl(service, number).resolve("/actuator/prometheus");
      return HTTP.send(request(metrics), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static HttpRequest request(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
  }

  /** Removes all remaining faults and restarts failed instances. */
  void heal() {
    kafkaProxy.heal();
    sandbox.heal();
    log.limitMessages("dead-letters", null);
    recover();
  }

  @Override
  public void close() {
    log.close();
    processes.close();
    postgresDisk.ifPresent(LimitedDisk::close);
    kafkaProxy.close();
  }
}
