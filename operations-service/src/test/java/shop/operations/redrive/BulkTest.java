package shop.operations.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.RedriveOutcome;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.common.testkit.OpenApi;
import shop.common.testkit.TestTokens;
import shop.operations.ServiceTest;
import shop.operations.State;
import shop.operations.TestLog;
import tools.jackson.databind.JsonNode;

@Tag("slow")
class BulkTest extends ServiceTest {

  private final String topic = "t-" + UUID.randomUUID();

  /** The operation that starts a bulk retry, in the OpenAPI document. */
  private static final String START = "/paths/~1admin~1dlq~1retries/post";

  @Test
  void everyMatchingEntryIsSentOnceAndCounted() throws Exception {
    var letters = failed("payment-service", 30);
    failed("gateway", 1);

    var response = start(1000, ",\"reason\":\"the PSP is back\"");

    assertThat(response.statusCode()).isEqualTo(202);
    String job = response.headers().firstValue("Location").orElseThrow();
    assertThat(job).isEqualTo("/admin/dlq/retries/" + json(response).at("/id").asString());
    await().atMost(TIMEOUT).until(() -> status(job).equals("DONE"));
    awaitRedriverIdle();
    for (var letter : letters) {
      assertThat(TestLog.redrives(Topics.PAYMENT_REDRIVE, letter.id())).hasSize(1);
    }
    TestLog.append(
        RedriveOutcome.resolved(sent(letters.getFirst(), 1), "payment-service", now()).toRecord());
    TestLog.append(failedAgain(letters.getLast(), 1));
    await().atMost(TIMEOUT).until(() -> asAdmin(job).at("/failed").asInt() == 1);
    await().atMost(TIMEOUT).until(() -> asAdmin(job).at("/resolved").asInt() == 1);
    var done = asAdmin(job);
    assertThat(done.at("/matched").asInt()).isEqualTo(31);
    assertThat(done.at("/sent").asInt()).isEqualTo(30);
    assertThat(done.at("/skipped").asInt()).isEqualTo(1);
    assertThat(done.at("/by").asString()).isEqualTo(ADMIN.toString());
    assertThat(done.at("/filter/topic").asString()).isEqualTo(topic);
    assertThat(asAdmin("/admin/dlq/" + letters.get(1).id()).at("/history/1/job").asString())
        .isEqualTo(done.at("/id").asString());
    assertThat(
            asAdmin("/admin/dlq/retries")
                .at("/items")
                .valueStream()
                .map(item -> item.at("/id").asString()))
        .contains(done.at("/id").asString());
  }

  @Test
  void aDryRunCountsAndSendsNothing() throws Exception {
    var letters = failed("payment-service", 3);
    failed("gateway", 1);

    var response = start(2, ",\"dryRun\":true");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Json.MAPPER.readTree(OpenApi.kept()).at(START + "/responses/200").isObject())
        .isTrue();
    assertThat(response.body()).isEqualTo("{\"matched\":4,\"skipped\":1,\"seconds\":2}");
    for (var letter : letters) {
      assertThat(asAdmin("/admin/dlq/" + letter.id()).at("/state").asString()).isEqualTo("FAILED");
    }
  }

  @Test
  void anEntryThatAnotherAdminDecidedMeanwhileIsSkipped() throws Exception {
    var letters = failed("payment-service", 3);

    String job = start(1, "").headers().firstValue("Location").orElseThrow();
    // when another admin decides on the last entry first, and it fails again
    String last = asAdmin("/admin/dlq?topic=" + topic).at("/items/2/id").asString();
    var letter = letters.stream().filter(one -> one.id().equals(last)).findFirst().orElseThrow();
    assertThat(retry(last, new UUID(0, 9)).statusCode()).isEqualTo(202);
    TestLog.append(failedAgain(letter, 1));

    await().atMost(TIMEOUT).until(() -> status(job).equals("DONE"));
    assertThat(asAdmin(job).at("/sent").asInt()).isEqualTo(2);
    assertThat(asAdmin(job).at("/skipped").asInt()).isEqualTo(1);
    assertThat(asAdmin("/admin/dlq/" + last).at("/redrives").asInt()).isEqualTo(1);
  }

  @Test
  void aCancelledBulkRetryLeavesTheRemainingEntriesUnchanged() throws Exception {
    failed("payment-service", 20);
    String job = start(1, "").headers().firstValue("Location").orElseThrow();
    await().atMost(TIMEOUT).until(() -> asAdmin(job).at("/sent").asInt() > 0);

    var response = send(request(job, TestTokens.admin(ADMIN)).DELETE());

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(json(response).at("/status").asString()).isEqualTo("CANCELLED");
    assertThat(json(response).at("/cancelledBy").asString()).isEqualTo(ADMIN.toString());
    // then every entry either waits or was sent
    await()
        .atMost(TIMEOUT)
        .until(
            () -> count("FAILED") + asAdmin(job).at("/sent").asInt() == 20 && count("FAILED") > 10);
  }

  @Test
  void invalidRequestsAreRefused() throws Exception {
    assertThat(bulk("{\"filter\":{\"topic\":\"t\"},\"ratePerSecond\":0}").statusCode())
        .isEqualTo(422);
    assertThat(bulk("{\"filter\":{\"topic\":\"t\"},\"ratePerSecond\":1001}").statusCode())
        .isEqualTo(422);
    assertThat(bulk("{\"filter\":{\"topci\":\"t\"}}").statusCode()).isEqualTo(422);
    assertThat(bulk("{\"filter\":{\"text\":\"xy\"}}").statusCode()).isEqualTo(422);
    assertThat(bulk("{}").statusCode()).isEqualTo(422);
    assertThat(bulk("{\"filter\":{\"from\":\"+1000000000-12-31T23:59:59Z\"}}").statusCode())
        .isEqualTo(422);
    assertThat(get("/admin/dlq/retries/" + UUID.randomUUID(), TestTokens.admin(ADMIN)).statusCode())
        .isEqualTo(404);
  }

  @Test
  void onlyAdminsMayUseBulkRetries() throws Exception {
    for (String path : List.of("/admin/dlq/retries", "/admin/dlq/retries/" + UUID.randomUUID())) {
      assertThat(get(path, null).statusCode()).isEqualTo(401);
      assertThat(get(path, TestTokens.customer(ADMIN)).statusCode()).isEqualTo(403);
      assertThat(send(request(path, TestTokens.customer(ADMIN)).DELETE()).statusCode())
          .isEqualTo(403);
    }
    assertThat(post("/admin/dlq/retries", "{}", TestTokens.customer(ADMIN)).statusCode())
        .isEqualTo(403);
  }

  private List<DeadLetter> failed(String service, int count) throws Exception {
    var letters = new ArrayList<DeadLetter>();
    for (int i = 0; i < count; i++) {
      letters.add(
          TestLog.append(
              TestLog.letter(service, topic, null, new byte[] {'x'}, new RecordHeaders())));
    }
    for (var letter : letters) {
      awaitState(letter.id(), State.FAILED);
    }
    return letters;
  }

  private HttpResponse<String> start(int rate, String more) throws Exception {
    return bulk(
        "{\"filter\":{\"topic\":\"%s\"},\"ratePerSecond\":%d%s}".formatted(topic, rate, more));
  }

  private HttpResponse<String> bulk(String json) throws Exception {
    return post("/admin/dlq/retries", json, TestTokens.admin(ADMIN));
  }

  private String status(String job) throws Exception {
    return asAdmin(job).at("/status").asString();
  }

  private long count(String state) throws Exception {
    JsonNode page = asAdmin("/admin/dlq?limit=200&topic=" + topic + "&state=" + state);
    return page.at("/items").size();
  }
}
