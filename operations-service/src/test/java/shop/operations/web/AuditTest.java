package shop.operations.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.common.testkit.TestTokens;
import shop.operations.Action.RetryRequested;
import shop.operations.ServiceTest;
import shop.operations.State;
import shop.operations.TestLog;
import tools.jackson.databind.JsonNode;

@Tag("slow")
class AuditTest extends ServiceTest {

  private final UUID admin = UUID.randomUUID();

  @Test
  void everyDecisionIsListedWithAdminTimeReasonAndResult() throws Exception {
    var letter = appendAndAwait(TestLog.command("notification-service", "{\"a\":1}"));
    decide(letter.id(), "retry", "{\"reason\":\"first\"}");
    TestLog.append(failedAgain(letter, 1));
    awaitState(letter.id(), State.FAILED);
    decide(letter.id(), "edit-and-retry", "{\"body\":{\"a\":2}}");
    TestLog.append(failedAgain(letter, 2));
    awaitState(letter.id(), State.FAILED);
    decide(letter.id(), "discard", "{\"reason\":\"last\"}");
    TestLog.append(late(letter.id()));
    await().atMost(TIMEOUT).until(() -> audit("?entry=" + letter.id()).size() == 4);

    var items = audit("?entry=" + letter.id());

    assertThat(
            items.valueStream().filter(item -> !item.at("/by").asString().equals(admin.toString())))
        .extracting(
            item -> item.at("/what").asString(),
            item -> item.at("/version").asInt(),
            item -> item.at("/reason").asString(),
            item -> item.at("/outcome").asString(),
            item -> item.at("/by").asString())
        .containsExactly(
            tuple("discarded", 5, "last", "DISCARDED", ADMIN.toString()),
            tuple("edit-requested", 3, "", "FAILED_AGAIN", ADMIN.toString()),
            tuple("retry-requested", 1, "first", "FAILED_AGAIN", ADMIN.toString()));
    assertThat(
            items.valueStream().filter(item -> item.at("/by").asString().equals(admin.toString())))
        .extracting(item -> item.at("/outcome").asString())
        .containsExactly("REFUSED");
    assertThat(items.get(0).at("/at").asString()).isNotEmpty();
  }

  @Test
  void theDecisionsOfAnAdminArePaged() throws Exception {
    var ids = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      var letter = appendAndAwait(TestLog.letter("notification-service"));
      ids.addFirst(letter.id());
      assertThat(retry(letter.id(), admin).statusCode()).isEqualTo(202);
    }

    var seen = new ArrayList<String>();
    JsonNode page = asAdmin("/admin/dlq/audit?limit=2&by=" + admin);
    seen.addAll(entries(page));
    while (page.has("nextCursor")) {
      page =
          asAdmin(
              "/admin/dlq/audit?limit=2&by="
                  + admin
                  + "&cursor="
                  + page.at("/nextCursor").asString());
      seen.addAll(entries(page));
    }

    assertThat(seen).isEqualTo(ids);
    assertThat(page.at("/items/0").propertyNames()).doesNotContain("auditRecord");
  }

  @Test
  void aBulkRetryIsListedOnceAndEachOfItsRequestsNamesIt() throws Exception {
    String topic = "t-" + UUID.randomUUID();
    var letter =
        appendAndAwait(
            TestLog.letter("payment-service", topic, null, new byte[0], new RecordHeaders()));
    var response =
        post(
            "/admin/dlq/retries",
            "{\"filter\":{\"topic\":\"" + topic + "\"},\"reason\":\"again\"}",
            TestTokens.admin(admin));
    String job = json(response).at("/id").asString();
    await().atMost(TIMEOUT).until(() -> audit("?by=" + admin).size() == 2);

    assertThat(audit("?by=" + admin).valueStream())
        .extracting(item -> item.at("/what").asString(), item -> item.at("/job").asString())
        .containsExactlyInAnyOrder(tuple("bulk-retry-started", job), tuple("retry-requested", job));
    assertThat(audit("?entry=" + letter.id()).get(0).at("/reason").asString()).isEqualTo("again");
  }

  @Test
  void onlyAdminsSeeTheAuditLogAndInvalidParametersAreRefused() throws Exception {
    assertThat(get("/admin/dlq/audit", null).statusCode()).isEqualTo(401);
    assertThat(get("/admin/dlq/audit", TestTokens.customer(ADMIN)).statusCode()).isEqualTo(403);
    for (String query : List.of("?cursor=x", "?by=me", "?limit=0")) {
      assertThat(get("/admin/dlq/audit" + query, TestTokens.admin(ADMIN)).statusCode())
          .isEqualTo(400);
    }
  }

  /** A retry request for version 1, which is out of date. */
  private ProducerRecord<byte[], byte[]> late(String id) {
    return Envelope.of(RetryRequested.TYPE, "operations-service", id, now())
        .record(Topics.DEAD_LETTER_ACTIONS.name(), Map.of("version", 1, "attempt", 1, "by", admin));
  }

  private JsonNode audit(String query) throws Exception {
    return asAdmin("/admin/dlq/audit" + query).at("/items");
  }

  private static List<String> entries(JsonNode page) {
    return page.at("/items").valueStream().map(item -> item.at("/entry").asString()).toList();
  }
}
