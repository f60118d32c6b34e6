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
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntConsumer;
import shop.e2e.Customer;
import shop.e2e.faults.ClientHistory.Result;
import shop.local.Platform;
import shop.local.PlatformOptions;

/** The platform under test, and everything in reach that can break and mend it. */
final class FaultPlatform implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Every service that may have two instances. */
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
  private final Proxy kafkaProxy;
  private final Platform platform;
  private final Log log;
  private final Psp psp;
  private final SplittableRandom random;
  private final ClientHistory history = new ClientHistory();
  private final Shopper customer;
  private final Shopper admin;

  private FaultPlatform(Path folder, int instances, long seed) {
    this.instances = instances;
    random = new SplittableRandom(seed);
    Map<String, Integer> counts = new HashMap<>();
    SERVICES.forEach(service -> counts.put(service, instances));
    kafkaProxy = new Proxy(KAFKA_PROXY, KAFKA_PROXY - 1);
    platform =
        Platform.start(
            new PlatformOptions(folder, OFFSET, counts, ShortTimeouts.ENVIRONMENT, KAFKA_PROXY));
    log = new Log(platform.kafkaBootstrapServers());
    psp = new Psp(platform.sandboxUrl(), seed);
    customer = shopper();
    admin = new Shopper(adminLogin(), history);
  }

  /** A platform with so many instances of each service. */
  static FaultPlatform open(Path folder, int instances, long seed) {
    return new FaultPlatform(folder, instances, seed);
  }

  Platform platform() {
    return platform;
  }

  Proxy kafkaProxy() {
    return kafkaProxy;
  }

  Log log() {
    return log;
  }

  Psp psp() {
    return psp;
  }

  ClientHistory history() {
    return history;
  }

  /** What faults leave to chance, as the run's seed gives it. */
  SplittableRandom random() {
    return random;
  }

  /** How long an outage of the PSP lasts at least. */
  int outageSeconds() {
    return instances == 1 ? 5 : 20;
  }

  int instances() {
    return instances;
  }

  /** The customer whose orders the faults are aimed at. */
  Shopper customer() {
    return customer;
  }

  Shopper admin() {
    return admin;
  }

  /** Somebody new. */
  Shopper shopper() {
    return shopper("c-" + UUID.randomUUID() + "@example.org");
  }

  Shopper shopper(String email) {
    return new Shopper(Customer.registered(platform.gatewayUrl(), email), history);
  }

  private Customer adminLogin() {
    return Customer.loggedIn(platform.gatewayUrl(), "admin@shop.test", platform.demoPassword());
  }

  /** An order of the customer that a known card pays, once it is accepted. */
  String placed() {
    return placed(UUID.randomUUID().toString());
  }

  /** The same, under a key from which the order's id follows. */
  String placed(String key) {
    var answer = customer.place(key, ORDER, () -> true);
    if (answer.result() != Result.OK) {
      throw new AssertionError("An order was refused: " + answer);
    }
    return customer.orderId(key);
  }

  static final String ORDER = Customer.order("MUG-WHITE", 2, "pm_card_visa");

  /** Waits until an order has one of these statuses, and tells which. */
  String awaitStatus(String orderId, String pattern) {
    return await("order " + orderId + " to be " + pattern)
        .atMost(PATIENCE)
        .until(() -> statusOf(orderId), status -> status.matches(pattern));
  }

  String statusOf(String orderId) {
    var answer = admin.get("/orders/" + orderId);
    return answer.result() == Result.OK
        ? Customer.JSON.readTree(answer.body()).get("status").asString()
        : "";
  }

  /** Kills every instance of a service at once (SIGKILL). */
  void killAll(String service) {
    each(service, number -> platform.kill(service, number));
  }

  /** Does something with every instance of a service that runs. */
  void each(String service, IntConsumer deed) {
    for (int number = 0; number < instances; number++) {
      if (platform.runs(service, number)) {
        deed.accept(number);
      }
    }
  }

  /** Starts what has ended or says that it must be restarted, as an orchestrator would. */
  void recover() {
    for (var service : SERVICES) {
      for (int number = 0; number < instances; number++) {
        if (platform.runs(service, number) && !live(service, number)) {
          platform.kill(service, number);
        }
        if (!platform.runs(service, number)) {
          platform.restart(service, number);
        }
      }
    }
    if (!platform.runs("gateway", 0)) {
      platform.restart("gateway", 0);
    }
  }

  private boolean live(String service, int number) {
    try {
      var liveness = platform.url(service, number).resolve("/actuator/health/liveness");
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
      var metrics = platform.url(service, number).resolve("/actuator/prometheus");
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

  /** Ends every fault that may still be there. */
  void heal() {
    kafkaProxy.heal();
    psp.heal();
    log.limitMessages("dead-letters", null);
    recover();
  }

  @Override
  public void close() {
    log.close();
    platform.close();
    kafkaProxy.close();
  }
}
