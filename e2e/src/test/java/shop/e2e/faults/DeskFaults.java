package shop.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import shop.e2e.faults.ClientHistory.Result;
import shop.e2e.faults.Shopper.Answer;
import tools.jackson.databind.JsonNode;

/** Payments that ended at the dead-letter desk, and what admins do about them. */
final class DeskFaults {

  static final List<Fault> ALL =
      List.of(
          new Fault(11, "two decisions about one entry", DeskFaults::twoDecisions),
          new Fault(12, "a redrive after the PSP forgot the key", DeskFaults::forgottenKey),
          new Fault(19, "discard of a payment whose outcome is unknown", DeskFaults::discard));

  private DeskFaults() {}

  private static String twoDecisions(FaultPlatform stage) {
    String key = UUID.randomUUID().toString();
    String id = stage.customer().orderId(key);
    String rule = rule("error_500", id, "\"operation\":\"create\"");
    stage.psp().add(rule);
    stage.placed(key);
    var entry = Desk.awaitOpen(stage, "payment-service", id);
    stage.psp().remove(rule);
    String path = "/admin/dlq/" + entry.get("id").asString();

    var answers =
        Stream.of(
                decision(stage, id, path + "/retry", "{\"reason\":\"the PSP is well again\"}"),
                decision(stage, id, path + "/discard", "{\"reason\":\"the customer gave up\"}"))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();

    assertThat(answers).filteredOn(answer -> answer.result() == Result.OK).hasSize(1);
    assertThat(answers).filteredOn(answer -> answer.status() == 409).hasSize(1);
    await("the entry to be settled")
        .atMost(FaultPlatform.PATIENCE)
        .until(() -> stateOf(stage, path).matches("RESOLVED|DISCARDED"));
    return "retry was answered %d, discard %d, and order %s ended %s"
        .formatted(answers.getFirst().status(), answers.getLast().status(), id, stage.statusOf(id));
  }

  private static CompletableFuture<Answer> decision(
      FaultPlatform stage, String id, String path, String body) {
    return CompletableFuture.supplyAsync(
        () -> stage.admin().post("decide", id, path.substring(path.lastIndexOf('/')), path, body));
  }

  private static String forgottenKey(FaultPlatform stage) {
    var unknown = unknownPayment(stage);
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(ShortTimeouts.KEY_LIFE_SECONDS + 1));
    String path = "/admin/dlq/" + unknown.entry().get("id").asString();

    var retried = stage.admin().post("decide", unknown.order(), "retry", path + "/retry", "{}");

    assertThat(retried.result()).as(retried.toString()).isEqualTo(Result.OK);
    stage.awaitStatus(unknown.order(), "CONFIRMED");
    return "order %s was charged before its payment became a dead letter, and was redriven %d s later"
        .formatted(unknown.order(), ShortTimeouts.KEY_LIFE_SECONDS + 1);
  }

  private static String discard(FaultPlatform stage) {
    var unknown = unknownPayment(stage);
    String path = "/admin/dlq/" + unknown.entry().get("id").asString();

    var discarded =
        stage
            .admin()
            .post(
                "decide",
                unknown.order(),
                "discard",
                path + "/discard",
                "{\"reason\":\"why not\"}");

    assertThat(discarded.result()).as(discarded.toString()).isEqualTo(Result.OK);
    await("the discarded payment to be settled")
        .atMost(FaultPlatform.PATIENCE)
        .until(() -> stateOf(stage, path).equals("DISCARDED"));
    stage.awaitStatus(unknown.order(), "REFUNDED|CANCELLED");
    return "order %s was charged when its payment was discarded, and ended %s"
        .formatted(unknown.order(), stage.statusOf(unknown.order()));
  }

  private record Unknown(String order, JsonNode entry) {}

  /** An order that is charged, though payment-service could not learn it and gave up. */
  private static Unknown unknownPayment(FaultPlatform stage) {
    String key = UUID.randomUUID().toString();
    String id = stage.customer().orderId(key);
    String silence = rule("timeout_after_capture", id, "\"hold\":\"100ms\"");
    String noWord = rule("error_500", id, "\"operation\":\"retrieve\"");
    stage.psp().add(noWord);
    stage.psp().add(silence);
    stage.placed(key);
    var entry = Desk.awaitOpen(stage, "payment-service", id);
    assertThat(stage.psp().ledger().charges(id)).isNotEmpty();
    stage.psp().remove(silence);
    stage.psp().remove(noWord);
    return new Unknown(id, entry);
  }

  private static String stateOf(FaultPlatform stage, String path) {
    return Desk.entry(stage, path.substring("/admin/dlq/".length())).get("state").asString();
  }

  private static String rule(String kind, String orderId, String more) {
    return "{\"kind\":\"%s\",\"orderId\":\"%s\",%s}".formatted(kind, orderId, more);
  }
}
