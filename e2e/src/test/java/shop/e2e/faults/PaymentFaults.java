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
import shop.e2e.Customer;
import shop.e2e.faults.ClientHistory.Result;

/** Payment-service and its PSP. */
final class PaymentFaults {

  static final List<Fault> ALL =
      List.of(
          new Fault(
              3,
              "payment-service is killed after the capture and before the result",
              PaymentFaults::killedAfterTheCapture),
          new Fault(4, "the PSP captures and does not answer", PaymentFaults::silentCaptures),
          new Fault(5, "payment-service is stopped and goes on later", PaymentFaults::zombie),
          new Fault(6, "the PSP is down", PaymentFaults::down),
          new Fault(7, "a restart while the breaker is open", PaymentFaults::restartWhileOpen),
          new Fault(
              10,
              "a failing refund with three more events behind it",
              PaymentFaults::failingRefund),
          new Fault(18, "cancel races capture, refunds race each other", PaymentFaults::races));

  private static final String SERVICE = "payment-service";
  private static final String STARTED = "shop.payment.started.v1";
  private static final String DOWN = "{\"kind\":\"down\"}";
  private static final int TRIES = 5;

  private PaymentFaults() {}

  private static String killedAfterTheCapture(FaultPlatform stage) {
    for (int i = 0; i < TRIES; i++) {
      String key = UUID.randomUUID().toString();
      String id = stage.customer().orderId(key);
      String rule = silence(id);
      stage.psp().add(rule);
      stage.placed(key);
      await("the charge of " + id)
          .atMost(FaultPlatform.PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !stage.psp().ledger().charges(id).isEmpty());
      stage.killAll(SERVICE);
      var said = stage.log().typesOf("payments", id);
      stage.psp().remove(rule);
      stage.recover();
      stage.awaitStatus(id, "CONFIRMED");
      if (!said.contains("shop.payment.captured.v1")) {
        return "order %s was charged when payment-service was killed, which had said %s"
            .formatted(id, said);
      }
    }
    throw new AssertionError("Payment-service always was faster than the kill");
  }

  private static String silence(String orderId) {
    return "{\"kind\":\"timeout_after_capture\",\"orderId\":\"%s\",\"hold\":\"20s\"}"
        .formatted(orderId);
  }

  private static String silentCaptures(FaultPlatform stage) {
    String rule = "{\"kind\":\"timeout_after_capture\",\"share\":0.4,\"hold\":\"3s\"}";
    stage.psp().add(rule);
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(10));
    long silent = stage.psp().remove(rule);
    assertThat(silent).isPositive();
    return silent + " captures were not answered";
  }

  private static String zombie(FaultPlatform stage) {
    String slow = "{\"kind\":\"latency\",\"operation\":\"confirm\",\"latency\":\"1500ms\"}";
    int members = stage.log().members(SERVICE);
    var began = Instant.now();
    stage.psp().add(slow);
    var orders = IntStream.range(0, 4).mapToObj(_ -> stage.placed()).toList();
    int inHand =
        await("payments in the first instance's hand")
            .atMost(FaultPlatform.PATIENCE)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> inFlight(stage.metrics(SERVICE, 0)), count -> count > 1);
    stage.platform().freeze(SERVICE, 0);
    var frozen = Instant.now();
    List<String> stuck;
    try {
      // The other instance has ended by then what it had in hand, and has not inherited yet.
      LockSupport.parkUntil(frozen.plusSeconds(3).toEpochMilli());
      stuck = notEnded(stage, began, frozen);
      assertThat(stuck).isNotEmpty();
      LockSupport.parkUntil(frozen.plusSeconds(ShortTimeouts.POLL_SECONDS + 3).toEpochMilli());
      assertThat(stage.log().members(SERVICE)).isLessThan(members);
    } finally {
      stage.platform().thaw(SERVICE, 0);
      stage.psp().remove(slow);
    }
    orders.forEach(id -> stage.awaitStatus(id, "CONFIRMED"));
    return "with %d payments in hand it was frozen, %d stayed begun, until its group of %d had put it out"
        .formatted(inHand, stuck.size(), members);
  }

  private static int inFlight(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("payments_in_flight"))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Orders whose payment began between two moments, and of whose end the log says nothing. */
  private static List<String> notEnded(FaultPlatform stage, Instant from, Instant to) {
    var payments = stage.log().read("payments");
    var ended =
        payments.stream()
            .filter(event -> !event.type().equals(STARTED))
            .map(Log.Entry::key)
            .collect(Collectors.toSet());
    return payments.stream()
        .filter(event -> event.type().equals(STARTED))
        .filter(event -> event.at().isAfter(from) && event.at().isBefore(to))
        .map(Log.Entry::key)
        .filter(id -> !ended.contains(id))
        .distinct()
        .toList();
  }

  private static String down(FaultPlatform stage) {
    int before = Desk.all(stage, "service=" + SERVICE).size();
    stage.psp().add(DOWN);
    var placed = stage.placed();
    awaitOpenBreaker(stage);
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(stage.outageSeconds()));
    long refused = stage.psp().remove(DOWN);
    stage.awaitStatus(placed, "CONFIRMED");
    assertThat(Desk.all(stage, "service=" + SERVICE)).hasSize(before);
    return "for %d s and more the breaker was open; %d calls were refused, nothing was dead-lettered"
        .formatted(stage.outageSeconds(), refused);
  }

  private static String restartWhileOpen(FaultPlatform stage) {
    stage.psp().add(DOWN);
    var placed = stage.placed();
    awaitOpenBreaker(stage);
    stage.killAll(SERVICE);
    stage.recover();
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));
    stage.psp().remove(DOWN);
    stage.awaitStatus(placed, "CONFIRMED");
    return "payment-service was killed with its breaker open, and came back to a PSP that was down";
  }

  private static void awaitOpenBreaker(FaultPlatform stage) {
    await("an open breaker")
        .atMost(FaultPlatform.PATIENCE)
        .until(() ->
            IntStream.range(0, stage.instances())
                .anyMatch(number -> isOpen(stage.metrics(SERVICE, number))));
  }

  private static boolean isOpen(String metrics) {
    return metrics
        .lines()
        .anyMatch(line ->
            line.startsWith("resilience4j_circuitbreaker_state")
                && line.contains("state=\"open\"")
                && line.endsWith(" 1.0"));
  }

  private static String failingRefund(FaultPlatform stage) {
    String id = stage.placed();
    stage.awaitStatus(id, "CONFIRMED");
    String rule =
        "{\"kind\":\"error_500\",\"operation\":\"refund\",\"orderId\":\"%s\"}".formatted(id);
    stage.psp().add(rule);
    String orders = "/orders/" + id;
    String part = "{\"reason\":\"a crack\",\"amount\":{\"amount\":100,\"currency\":\"EUR\"}}";
    String shipment = "{\"carrier\":\"Post\",\"trackingNumber\":\"1\"}";
    var results =
        List.of(
            insist(stage, id, orders + "/refunds", part),
            insist(stage, id, orders + "/shipments", shipment),
            insist(stage, id, orders + "/deliveries", "{}"),
            insist(stage, id, orders + "/refunds", part));
    assertThat(results).containsOnly(Result.OK);
    stage.awaitStatus(id, "DELIVERED");
    assertThat(stage.psp().ledger().refunds(id)).isEmpty();
    var letter = Desk.awaitOpen(stage, SERVICE, id);
    stage.psp().remove(rule);
    return "order %s was shipped, delivered and refunded once more behind the refund that became %s"
        .formatted(id, letter.get("id").asString());
  }

  private static String races(FaultPlatform stage) {
    var cancels = new ArrayList<CompletableFuture<String>>();
    for (int i = 0; i < 6; i++) {
      long pause = TimeUnit.MILLISECONDS.toNanos(60L * i);
      cancels.add(
          CompletableFuture.supplyAsync(() -> {
            String id = stage.placed();
            LockSupport.parkNanos(pause);
            while (stage.customer().cancel(id).result() == Result.UNKNOWN) {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            }
            return id;
          }));
    }
    var cancelled = cancels.stream().map(CompletableFuture::join).toList();
    var ends =
        cancelled.stream().map(each -> stage.awaitStatus(each, "CANCELLED|REFUNDED")).toList();
    var books = stage.psp().ledger();
    cancelled.forEach(each -> assertThat(books.refunds(each)).isEqualTo(books.charges(each)));
    long charged = cancelled.stream().filter(each -> !books.charges(each).isEmpty()).count();

    String id = stage.placed();
    stage.awaitStatus(id, "CONFIRMED");
    long total = total(stage, id);
    String part =
        "{\"reason\":\"a crack\",\"amount\":{\"amount\":%d,\"currency\":\"EUR\"}}"
            .formatted(total * 2 / 5);
    var refunds =
        IntStream.range(0, 6)
            .mapToObj(_ ->
                CompletableFuture.supplyAsync(
                    () -> insist(stage, id, "/orders/" + id + "/refunds", part)))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    assertThat(refunds).filteredOn(result -> result == Result.OK).hasSize(2);
    await("both refunds")
        .atMost(FaultPlatform.PATIENCE)
        .until(() -> stage.psp().ledger().refunds(id).size() == 2);
    return "six cancels ended %s, %d raced by the capture; of six refunds of two fifths two were accepted"
        .formatted(ends, charged);
  }

  private static long total(FaultPlatform stage, String id) {
    var order = Customer.JSON.readTree(stage.admin().get("/orders/" + id).body());
    return order.get("total").get("amount").asLong();
  }

  /** Asks an admin's request again until its outcome is known. */
  private static Result insist(FaultPlatform stage, String id, String path, String body) {
    String key = UUID.randomUUID().toString();
    String what = path.substring(path.lastIndexOf('/') + 1);
    var answer = stage.admin().post(what, id, key, path, body);
    while (answer.result() == Result.UNKNOWN) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
      answer = stage.admin().post(what, id, key, path, body);
    }
    return answer.result();
  }
}
