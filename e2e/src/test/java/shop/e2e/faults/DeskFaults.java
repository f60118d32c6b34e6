package shop.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import shop.e2e.faults.ClientHistory.RequestResult;
import shop.e2e.faults.RetryingClient.Response;
import tools.jackson.databind.JsonNode;

/** Payments in the dead-letter desk and the admins' decisions about them. */
final class DeskFaults {

  static final List<Fault> ALL =
      List.of(
          new Fault(11, "two concurrent decisions about one entry", DeskFaults::twoDecisions),
          new Fault(
              12,
              "a redrive after the idempotency key has expired at the PSP",
              DeskFaults::redriveAfterKeyExpiry),
          new Fault(19, "discard of a payment with an unknown outcome", DeskFaults::discard));

  private DeskFaults() {}

  private static String twoDecisions(FaultPlatform platform) {
    String key = UUID.randomUUID().toString();
    String id = platform.customer().orderId(key);
    String rule = rule("error_500", id, "\"operation\":\"create\"");
    platform.sandbox().add(rule);
    platform.placeOrder(key);
    var entry = DeskClient.awaitOpenEntry(platform, "payment-service", id);
    platform.sandbox().remove(rule);
    String path = "/admin/dlq/" + entry.get("id").asString();

    var responses =
        Stream.of(
                decision(platform, id, path + "/retry", "{\"reason\":\"the PSP has recovered\"}"),
                decision(
                    platform,
                    id,
                    path + "/discard",
                    "{\"reason\":\"the customer no longer wants the order\"}"))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();

    assertThat(responses).filteredOn(response -> response.result() == RequestResult.OK).hasSize(1);
    assertThat(responses).filteredOn(response -> response.status() == 409).hasSize(1);
    await("the entry to be settled")
        .atMost(FaultPlatform.TIMEOUT)
        .until(() -> stateOf(platform, path).matches("RESOLVED|DISCARDED"));
    return "the retry returned %d, the discard %d; the final status of order %s is %s"
        .formatted(
            responses.getFirst().status(), responses.getLast().status(), id, platform.statusOf(id));
  }

  private static CompletableFuture<Response> decision(
      FaultPlatform platform, String id, String path, String body) {
    return CompletableFuture.supplyAsync(() ->
        platform.admin().post("decide", id, path.substring(path.lastIndexOf('/')), path, body));
  }

  private static String redriveAfterKeyExpiry(FaultPlatform platform) {
    var unknown = unknownPayment(platform);
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(ShortTimeouts.KEY_LIFE_SECONDS + 1));
    String path = "/admin/dlq/" + unknown.entry().get("id").asString();

    var retried = platform.admin().post("decide", unknown.order(), "retry", path + "/retry", "{}");

    assertThat(retried.result()).as(retried.toString()).isEqualTo(RequestResult.OK);
    platform.awaitStatus(unknown.order(), "CONFIRMED");
    return "order %s was charged before its payment was dead-lettered, and was redriven %d s later"
        .formatted(unknown.order(), ShortTimeouts.KEY_LIFE_SECONDS + 1);
  }

  private static String discard(FaultPlatform platform) {
    var unknown = unknownPayment(platform);
    String path = "/admin/dlq/" + unknown.entry().get("id").asString();

    var discarded =
        platform
            .admin()
            .post(
                "decide",
                unknown.order(),
                "discard",
                path + "/discard",
                "{\"reason\":\"why not\"}");

    assertThat(discarded.result()).as(discarded.toString()).isEqualTo(RequestResult.OK);
    await("the discarded payment to be settled")
        .atMost(FaultPlatform.TIMEOUT)
        .until(() -> stateOf(platform, path).equals("DISCARDED"));
    platform.awaitStatus(unknown.order(), "REFUNDED|CANCELLED");
    return "order %s was charged before its payment was discarded; its final status is %s"
        .formatted(unknown.order(), platform.statusOf(unknown.order()));
  }

  private record UnknownPayment(String order, JsonNode entry) {}

  /**
   * Places an order that is charged at the PSP, but whose payment was dead-lettered because
   * payment-service could not determine the result.
   */
  private static UnknownPayment unknownPayment(FaultPlatform platform) {
    String key = UUID.randomUUID().toString();
    String id = platform.customer().orderId(key);
    String captureWithoutResponse = rule("timeout_after_capture", id, "\"hold\":\"100ms\"");
    String failedRetrieve = rule("error_500", id, "\"operation\":\"retrieve\"");
    platform.sandbox().add(failedRetrieve);
    platform.sandbox().add(captureWithoutResponse);
    platform.placeOrder(key);
    var entry = DeskClient.awaitOpenEntry(platform, "payment-service", id);
    assertThat(platform.sandbox().ledger().charges(id)).isNotEmpty();
    platform.sandbox().remove(captureWithoutResponse);
    platform.sandbox().remove(failedRetrieve);
    return new UnknownPayment(id, entry);
  }

  private static String stateOf(FaultPlatform platform, String path) {
    return DeskClient.entry(platform, path.substring("/admin/dlq/".length()))
        .get("state")
        .asString();
  }

  private static String rule(String kind, String orderId, String more) {
    return "{\"kind\":\"%s\",\"orderId\":\"%s\",%s}".formatted(kind, orderId, more);
  }
}
