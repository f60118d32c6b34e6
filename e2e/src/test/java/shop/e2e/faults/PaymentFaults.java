package shop.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import shop.e2e.ApiClient;
import shop.e2e.faults.ClientHistory.RequestResult;

/** Faults of payment-service and its PSP. */
final class PaymentFaults {

  static final List<Fault> ALL =
      List.of(
          new Fault(
              3,
              "payment-service is killed after the capture and before the result",
              PaymentFaults::killedAfterTheCapture),
          new Fault(
              4, "the PSP captures without a response", PaymentFaults::capturesWithoutResponse),
          new Fault(5, "payment-service is suspended and continued", PaymentFaults::zombie),
          new Fault(6, "the PSP is down", PaymentFaults::down),
          new Fault(
              7, "a restart while the circuit breaker is open", PaymentFaults::restartWhileOpen),
          new Fault(
              10, "a failing refund followed by three more events", PaymentFaults::failingRefund),
          new Fault(18, "concurrent cancel and capture, concurrent refunds", PaymentFaults::races));

  private static final String SERVICE = "payment-service";
  private static final String STARTED = "shop.payment.started.v1";
  private static final String DOWN = "{\"kind\":\"down\"}";
  private static final int TRIES = 5;

  private PaymentFaults() {}

  private static String killedAfterTheCapture(FaultPlatform platform) {
    for (int i = 0; i < TRIES; i++) {
      String key = UUID.randomUUID().toString();
      String id = platform.customer().orderId(key);
      String rule = captureWithoutResponse(id);
      platform.sandbox().add(rule);
      platform.placeOrder(key);
      await("the charge of " + id)
          .atMost(FaultPlatform.TIMEOUT)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !platform.sandbox().ledger().charges(id).isEmpty());
      platform.killAll(SERVICE);
      var types = platform.log().typesOf("payments", id);
      platform.sandbox().remove(rule);
      platform.recover();
      platform.awaitStatus(id, "CONFIRMED");
      if (!types.contains("shop.payment.captured.v1")) {
        return "order %s was charged when payment-service was killed; its published events were %s"
            .formatted(id, types);
      }
    }
    throw new AssertionError("Payment-service published the result before every kill");
  }

  private static String captureWithoutResponse(String orderId) {
    return "{\"kind\":\"timeout_after_capture\",\"orderId\":\"%s\",\"hold\":\"20s\"}"
        .formatted(orderId);
  }

  private static String capturesWithoutResponse(FaultPlatform platform) {
    String rule = "{\"kind\":\"timeout_after_capture\",\"share\":0.4,\"hold\":\"3s\"}";
    platform.sandbox().add(rule);
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(10));
    long unanswered = platform.sandbox().remove(rule);
    assertThat(unanswered).isPositive();
    return unanswered + " captures had no response";
  }

  private static String zombie(FaultPlatform platform) {
    String latency = "{\"kind\":\"latency\",\"operation\":\"confirm\",\"latency\":\"1500ms\"}";
    int members = platform.log().members(SERVICE);
    var began = Instant.now();
    platform.sandbox().add(latency);
    var orders = IntStream.range(0, 4).mapToObj(_ -> platform.placeOrder()).toList();
    int inFlight =
        await("payments in flight in the first instance")
            .atMost(FaultPlatform.TIMEOUT)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> inFlight(platform.metrics(SERVICE, 0)), count -> count > 1);
    platform.processes().freeze(SERVICE, 0);
    var frozen = Instant.now();
    List<String> unfinished;
    try {
      // By then the other instance has completed its payments and has not yet taken over
      // partitions.
      LockSupport.parkUntil(frozen.plusSeconds(3).toEpochMilli());
      unfinished = paymentsWithoutResult(platform, began, frozen);
      assertThat(unfinished).isNotEmpty();
      LockSupport.parkUntil(frozen.plusSeconds(ShortTimeouts.POLL_SECONDS + 3).toEpochMilli());
      assertThat(platform.log().members(SERVICE)).isLessThan(members);
    } finally {
      platform.processes().thaw(SERVICE, 0);
      platform.sandbox().remove(latency);
    }
    orders.forEach(id -> platform.awaitStatus(id, "CONFIRMED"));
    return "an instance was suspended with %d payments in flight, %d of which had no result, until its group of %d members removed it"
        .formatted(inFlight, unfinished.size(), members);
  }

  private static int inFlight(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("payments_in_flight"))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Orders whose payment started in a period and has no result in the log. */
  private static List<String> paymentsWithoutResult(
      FaultPlatform platform, Instant from, Instant to) {
    var payments = platform.log().read("payments");
    var ended =
        payments.stream()
            .filter(event -> !event.type().equals(STARTED))
            .map(KafkaLog.LogRecord::key)
            .collect(Collectors.toSet());
    return payments.stream()
        .filter(event -> event.type().equals(STARTED))
        .filter(event -> event.at().isAfter(from) && event.at().isBefore(to))
        .map(KafkaLog.LogRecord::key)
        .filter(id -> !ended.contains(id))
        .distinct()
        .toList();
  }

  private static String down(FaultPlatform platform) {
    int before = DeskClient.all(platform, "service=" + SERVICE).size();
    platform.sandbox().add(DOWN);
    var placed = platform.placeOrder();
    awaitOpenBreaker(platform);
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(platform.outageSeconds()));
    long rejected = platform.sandbox().remove(DOWN);
    platform.awaitStatus(placed, "CONFIRMED");
    assertThat(DeskClient.all(platform, "service=" + SERVICE)).hasSize(before);
    return "the PSP was down for at least %d s after the circuit breaker opened; %d calls were rejected, nothing was dead-lettered"
        .formatted(platform.outageSeconds(), rejected);
  }

  private static String restartWhileOpen(FaultPlatform platform) {
    platform.sandbox().add(DOWN);
    var placed = platform.placeOrder();
    awaitOpenBreaker(platform);
    platform.killAll(SERVICE);
    platform.recover();
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));
    platform.sandbox().remove(DOWN);
    platform.awaitStatus(placed, "CONFIRMED");
    return "payment-service was killed with its circuit breaker open and restarted while the PSP was down";
  }

  private static void awaitOpenBreaker(FaultPlatform platform) {
    await("an open circuit breaker")
        .atMost(FaultPlatform.TIMEOUT)
        .until(() ->
            IntStream.range(0, platform.instances())
                .anyMatch(number -> isOpen(platform.metrics(SERVICE, number))));
  }

  private static boolean isOpen(String metrics) {
    return metrics
        .lines()
        .anyMatch(line ->
            line.startsWith("resilience4j_circuitbreaker_state")
                && line.contains("state=\"open\"")
                && line.endsWith(" 1.0"));
  }

  private static String failingRefund(FaultPlatform platform) {
    String id = platform.placeOrder();
    platform.awaitStatus(id, "CONFIRMED");
    String rule =
        "{\"kind\":\"error_500\",\"operation\":\"refund\",\"orderId\":\"%s\"}".formatted(id);
    platform.sandbox().add(rule);
    String orders = "/orders/" + id;
    String part = "{\"reason\":\"a crack\",\"amount\":{\"amount\":100,\"currency\":\"EUR\"}}";
    String shipment = "{\"carrier\":\"Post\",\"trackingNumber\":\"1\"}";
    var results =
        List.of(
            postUntilKnown(platform, id, orders + "/refunds", part),
            postUntilKnown(platform, id, orders + "/shipments", shipment),
            postUntilKnown(platform, id, orders + "/deliveries", "{}"),
            postUntilKnown(platform, id, orders + "/refunds", part));
    assertThat(results).containsOnly(RequestResult.OK);
    platform.awaitStatus(id, "DELIVERED");
    assertThat(platform.sandbox().ledger().refunds(id)).isEmpty();
    var deadLetter = DeskClient.awaitOpenEntry(platform, SERVICE, id);
    platform.sandbox().remove(rule);
    return "order %s was shipped, delivered and refunded again after the refund that became dead letter %s"
        .formatted(id, deadLetter.get("id").asString());
  }

  private static String races(FaultPlatform platform) {
    var cancels = new ArrayList<CompletableFuture<String>>();
    for (int i = 0; i < 6; i++) {
      long pause = TimeUnit.MILLISECONDS.toNanos(60L * i);
      cancels.add(
          CompletableFuture.supplyAsync(() -> {
            String id = platform.placeOrder();
            LockSupport.parkNanos(pause);
            while (platform.customer().cancel(id).result() == RequestResult.UNKNOWN) {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            }
            return id;
          }));
    }
    var cancelled = cancels.stream().map(CompletableFuture::join).toList();
    var ends =
        cancelled.stream()
            .map(orderId -> platform.awaitStatus(orderId, "CANCELLED|REFUNDED"))
            .toList();
    var ledger = platform.sandbox().ledger();
    cancelled.forEach(
        orderId -> assertThat(ledger.refunds(orderId)).isEqualTo(ledger.charges(orderId)));
    long charged = cancelled.stream().filter(orderId -> !ledger.charges(orderId).isEmpty()).count();

    String id = platform.placeOrder();
    platform.awaitStatus(id, "CONFIRMED");
    long total = total(platform, id);
    String part =
        "{\"reason\":\"a crack\",\"amount\":{\"amount\":%d,\"currency\":\"EUR\"}}"
            .formatted(total * 2 / 5);
    var refunds =
        IntStream.range(0, 6)
            .mapToObj(_ ->
                CompletableFuture.supplyAsync(
                    () -> postUntilKnown(platform, id, "/orders/" + id + "/refunds", part)))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    assertThat(refunds).filteredOn(result -> result == RequestResult.OK).hasSize(2);
    await("both refunds")
        .atMost(FaultPlatform.TIMEOUT)
        .until(() -> platform.sandbox().ledger().refunds(id).size() == 2);
    return "six cancelled orders ended %s, %d of them after a capture; of six refunds of two fifths two were accepted"
        .formatted(ends, charged);
  }

  private static long total(FaultPlatform platform, String id) {
    var order = ApiClient.JSON.readTree(platform.admin().get("/orders/" + id).body());
    return order.get("total").get("amount").asLong();
  }

  /** Repeats an admin's request under the same key until its result is known. */
  private static RequestResult postUntilKnown(
      FaultPlatform platform, String id, String path, String body) {
    String key = UUID.randomUUID().toString();
    String action = path.substring(path.lastIndexOf('/') + 1);
    var response = platform.admin().post(action, id, key, path, body);
    while (response.result() == RequestResult.UNKNOWN) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
      response = platform.admin().post(action, id, key, path, body);
    }
    return response.result();
  }
}
