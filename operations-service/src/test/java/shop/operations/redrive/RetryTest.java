package shop.operations.redrive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.deadletter.RedriveOutcome;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.common.testkit.Contracts;
import shop.common.testkit.TestTokens;
import shop.common.testkit.TopicReader;
import shop.operations.Action.RetryRequested;
import shop.operations.ServiceTest;
import shop.operations.State;
import shop.operations.TestLog;

@Tag("slow")
class RetryTest extends ServiceTest {

  private static final UUID OTHER_ADMIN = new UUID(0, 2);

  @Autowired private KafkaListenerEndpointRegistry listeners;

  @Test
  void anEntryWhoseServiceNeverReportedIsReopenedAndALateSuccessStillCounts() throws Exception {
    // given a retry of long ago, whose outcome was lost
    var letter = appendAndAwait(TestLog.letter("payment-service"));
    TestLog.append(
        Envelope.of(RetryRequested.TYPE, "operations-service", letter.id(), now())
            .record(
                Topics.DEAD_LETTER_ACTIONS.name(),
                Map.of("version", 1, "attempt", 1, "by", ADMIN)));
    awaitState(letter.id(), State.RETRY_PENDING);

    // when an admin reopens it
    var reopened = decide(letter.id(), "reopen", "{\"reason\":\"no outcome\"}");

    // then it waits for a decision, the audit log shows who did it, and a late success resolves it
    assertThat(reopened.statusCode()).isEqualTo(200);
    assertThat(json(reopened).at("/state").asString()).isEqualTo("FAILED");
    assertThat(asAdmin("/admin/dlq/audit?entry=" + letter.id()).at("/items").valueStream())
        .extracting(
            item -> item.at("/what").asString(),
            item -> item.at("/reason").asString(),
            item -> item.at("/outcome").asString())
        .containsExactly(
            tuple("reopened", "no outcome", "REOPENED"), tuple("retry-requested", "", "REOPENED"));
    TestLog.append(RedriveOutcome.resolved(sent(letter, 1), "payment-service", now()).toRecord());
    awaitState(letter.id(), State.RESOLVED);
  }

  @Test
  void anEntryIsReopenedNeitherBeforeItsServiceHadTimeNorUnlessItIsPending() throws Exception {
    var letter = appendAndAwait(TestLog.letter("payment-service"));
    var failed = decide(letter.id(), "reopen", "{}");
    assertThat(retry(letter.id(), ADMIN).statusCode()).isEqualTo(202);

    var early = decide(letter.id(), "reopen", "{}");

    assertThat(failed.statusCode()).isEqualTo(409);
    assertThat(json(failed).at("/type").asString()).isEqualTo("/problems/not-pending");
    assertThat(early.statusCode()).isEqualTo(409);
    assertThat(json(early).at("/type").asString()).isEqualTo("/problems/still-pending");
    assertThat(early.headers().firstValueAsLong("Retry-After").orElseThrow())
        .isBetween(60L, 15 * 60L + 1);
    assertThat(
            post("/admin/dlq/" + letter.id() + "/reopen", "{}", TestTokens.customer(ADMIN))
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void aRetrySendsTheOriginalOnceToItsServiceOnly() throws Exception {
    byte[] poison = {(byte) 0xff, 0, (byte) 0xfe};
    var headers = new RecordHeaders().add("x", new byte[] {(byte) 0x80});
    var letter = appendAndAwait(TestLog.letter("payment-service", new byte[] {7}, poison, headers));

    var response = retry(letter.id(), ADMIN);

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(Json.MAPPER.readTree(response.body()).at("/state").asString())
        .isEqualTo("RETRY_PENDING");
    awaitRedrives(letter, 1);
    var sent = TestLog.redrives(Topics.PAYMENT_REDRIVE, letter.id()).getFirst();
    assertThat(sent.key()).isEqualTo(new byte[] {7});
    assertThat(sent.value()).isEqualTo(poison);
    assertThat(sent.headers().lastHeader("x").value()).isEqualTo(new byte[] {(byte) 0x80});
    assertThat(Redrive.of(sent.headers()))
        .hasValue(new Redrive(letter.id(), 1, "group-of-payment-service", "orders"));
    assertThat(sent.headers().toArray()).noneMatch(header -> header.key().startsWith("dl_"));
    for (var other :
        List.of(Topics.ORDER_REDRIVE, Topics.NOTIFICATION_REDRIVE, Topics.ANALYTICS_REDRIVE)) {
      assertThat(TestLog.redrives(other, letter.id())).isEmpty();
    }
  }

  @Test
  void oneOfSeveralConcurrentRequestsWinsAndOneRedriveIsSent() throws Exception {
    var letter = appendAndAwait(TestLog.letter("payment-service"));
    List<Callable<Integer>> requests = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      var admin = new UUID(1, i);
      requests.add(() -> retry(letter.id(), admin).statusCode());
    }

    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var request : threads.invokeAll(requests)) {
        statuses.add(request.get());
      }
    }

    assertThat(statuses).containsOnly(202, 409);
    assertThat(statuses).containsOnlyOnce(202);
    awaitRedriverIdle();
    assertThat(TestLog.redrives(Topics.PAYMENT_REDRIVE, letter.id())).hasSize(1);
  }

  @Test
  void twoRequestsInTheLogForOneVersionSendOneRedrive() throws Exception {
    var letter = appendAndAwait(TestLog.letter("payment-service"));
    TestLog.append(request(letter, 1, 1, ADMIN));
    TestLog.append(request(letter, 1, 1, OTHER_ADMIN));

    awaitRedrives(letter, 1);
    awaitRedriverIdle();

    assertThat(TestLog.redrives(Topics.PAYMENT_REDRIVE, letter.id())).hasSize(1);
    assertThat(asAdmin("/admin/dlq/" + letter.id()).at("/history").toString())
        .contains("\"counted\":true,\"attempt\":1,\"by\":\"" + ADMIN + "\"")
        .contains("\"counted\":false,\"attempt\":1,\"by\":\"" + OTHER_ADMIN + "\"");
  }

  @Test
  void aRestartBetweenActionAndRedriveSendsOneRedrive() throws Exception {
    var letter = appendAndAwait(TestLog.letter("payment-service"));
    listeners.getListenerContainer("redriver").stop();
    assertThat(retry(letter.id(), ADMIN).statusCode()).isEqualTo(202);
    assertThat(TestLog.redrives(Topics.PAYMENT_REDRIVE, letter.id())).isEmpty();

    listeners.getListenerContainer("redriver").start();
    awaitRedrives(letter, 1);
    listeners.getListenerContainer("redriver").stop();
    listeners.getListenerContainer("redriver").start();
    awaitRedriverIdle();

    assertThat(TestLog.redrives(Topics.PAYMENT_REDRIVE, letter.id())).hasSize(1);
  }

  @Test
  void aRestartedRedriverSendsNothingWhoseOutcomeWasReported() throws Exception {
    var letter = appendAndAwait(TestLog.letter("payment-service"));
    listeners.getListenerContainer("redriver").stop();
    retry(letter.id(), ADMIN);
    TestLog.append(RedriveOutcome.resolved(sent(letter, 1), "payment-service", now()).toRecord());
    awaitState(letter.id(), State.RESOLVED);

    listeners.getListenerContainer("redriver").start();
    awaitRedriverIdle();

    assertThat(TestLog.redrives(Topics.PAYMENT_REDRIVE, letter.id())).isEmpty();
  }

  @Test
  void aResolvedEntryCannotBeRetried() throws Exception {
    var letter = appendAndAwait(TestLog.letter("payment-service"));
    retry(letter.id(), ADMIN);
    TestLog.append(RedriveOutcome.resolved(sent(letter, 1), "payment-service", now()).toRecord());

    awaitState(letter.id(), State.RESOLVED);

    assertThat(retry(letter.id(), ADMIN).statusCode()).isEqualTo(409);
    assertThat(asAdmin("/admin/dlq/" + letter.id()).at("/version").asInt()).isEqualTo(3);
  }

  @Test
  void anEntryThatFailedAgainKeepsItsHistoryAndCanBeRetriedASecondTime() throws Exception {
    var letter = appendAndAwait(TestLog.letter("payment-service"));
    retry(letter.id(), ADMIN);
    TestLog.append(failedAgain(letter, 1));
    awaitState(letter.id(), State.FAILED);

    assertThat(retry(letter.id(), OTHER_ADMIN).statusCode()).isEqualTo(202);

    awaitRedrives(letter, 2);
    assertThat(TestLog.redrives(Topics.PAYMENT_REDRIVE, letter.id()))
        .extracting(record -> Redrive.of(record.headers()).orElseThrow().attempt())
        .containsExactly(1, 2);
    var entry = asAdmin("/admin/dlq/" + letter.id());
    assertThat(entry.at("/exception").asString()).isEqualTo("Again");
    assertThat(entry.at("/history").valueStream().map(one -> one.at("/what").asString()))
        .containsExactly("failed", "retry-requested", "failed-again", "retry-requested");
    assertThat(entry.at("/history/2/cause/message").asString()).isEqualTo("still");
    assertThat(entry.at("/history/3/by").asString()).isEqualTo(OTHER_ADMIN.toString());
  }

  @Test
  void aRetryOfAnOldVersionIsRefused() throws Exception {
    var letter = appendAndAwait(TestLog.letter("payment-service"));
    var tag =
        get("/admin/dlq/" + letter.id(), TestTokens.admin(ADMIN))
            .headers()
            .firstValue("ETag")
            .orElseThrow();
    retry(letter.id(), ADMIN);
    TestLog.append(failedAgain(letter, 1));
    awaitState(letter.id(), State.FAILED);

    var response =
        send(
            request("/admin/dlq/" + letter.id() + "/retry", TestTokens.admin(ADMIN))
                .header("If-Match", tag)
                .POST(BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(412);
  }

  @Test
  void onlyAdminsMayRetryAndOnlyExistingEntries() throws Exception {
    var letter = appendAndAwait(TestLog.letter("payment-service"));
    String path = "/admin/dlq/" + letter.id() + "/retry";

    assertThat(send(request(path, null).POST(BodyPublishers.noBody())).statusCode()).isEqualTo(401);
    assertThat(
            send(request(path, TestTokens.customer(ADMIN)).POST(BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(403);
    assertThat(retry("no:such:0:entry", ADMIN).statusCode()).isEqualTo(404);
    assertThat(asAdmin("/admin/dlq/" + letter.id()).at("/state").asString()).isEqualTo("FAILED");
  }

  @Test
  void aMalformedActionIsDeadLetteredAndTheNextActionIsProcessed() throws Exception {
    var letter = appendAndAwait(TestLog.letter("payment-service"));
    byte[] key = letter.id().getBytes(UTF_8);
    var malformed = UUID.randomUUID().toString();
    TestLog.append(
        new ProducerRecord<>(Topics.DEAD_LETTER_ACTIONS.name(), key, malformed.getBytes(UTF_8)));

    assertThat(retry(letter.id(), ADMIN).statusCode()).isEqualTo(202);

    awaitRedrives(letter, 1);
    awaitDeadLetter(deadLetter -> new String(deadLetter.value(), UTF_8).equals(malformed));
  }

  @Test
  void recordsOfARolledBackBatchAreWrittenOnce() throws Exception {
    // given a batch that is rolled back until the entry of its last record is reported unknown
    listeners.getListenerContainer("redriver").stop();
    var unknown = TestLog.letter("payment-service");
    var malformed = UUID.randomUUID().toString();
    byte[] key = unknown.id().getBytes(UTF_8);
    TestLog.append(
        new ProducerRecord<>(Topics.DEAD_LETTER_ACTIONS.name(), key, malformed.getBytes(UTF_8)));
    TestLog.append(request(unknown, 1, 1, ADMIN));

    listeners.getListenerContainer("redriver").start();

    awaitDeadLetter(deadLetter -> unknown.id().equals(deadLetter.eventSubject()));
    assertThat(
            TopicReader.all(Topics.DEAD_LETTERS).stream()
                .filter(record -> Arrays.equals(record.value(), malformed.getBytes(UTF_8))))
        .hasSize(1);
  }

  @Test
  void anActionOnAnUnknownEntryIsDeadLetteredAndBlocksNothing() throws Exception {
    var unknown = TestLog.letter("payment-service");
    TestLog.append(request(unknown, 1, 1, ADMIN));

    awaitDeadLetter(deadLetter -> unknown.id().equals(deadLetter.eventSubject()));

    awaitRedriverIdle();
  }

  private static void awaitDeadLetter(Predicate<DeadLetter> wanted) {
    await()
        .atMost(TIMEOUT)
        .until(() ->
            TopicReader.all(Topics.DEAD_LETTERS).stream()
                .filter(record -> record.headers().lastHeader("dl_group") != null)
                .map(record -> DeadLetter.read(record.headers(), record.value()))
                .filter(letter -> letter.topic().equals(Topics.DEAD_LETTER_ACTIONS.name()))
                .anyMatch(wanted));
  }

  @Test
  void theRequestMatchesTheContract() throws Exception {
    var letter = appendAndAwait(TestLog.letter("payment-service"));
    var admin = UUID.fromString("2f1c1c56-54f8-5ac2-8f0b-6d0b7c1f4a11");

    retry(letter.id(), admin);

    var record =
        TopicReader.all(Topics.DEAD_LETTER_ACTIONS).stream()
            .filter(action -> new String(action.key(), UTF_8).equals(letter.id()))
            .findFirst()
            .orElseThrow();
    var sample = Contracts.sample(RetryRequested.TYPE);
    var event = Envelope.of(record.headers());
    assertThat(Json.MAPPER.readTree(record.value())).isEqualTo(sample.get("data"));
    assertThat(event.type()).isEqualTo(sample.get("type").asString());
    assertThat(event.source()).isEqualTo(sample.get("source").asString());
    assertThat(event.subject()).isEqualTo(letter.id());
  }

  private static ProducerRecord<byte[], byte[]> request(
      DeadLetter letter, int version, int attempt, UUID by) {
    return Envelope.of(RetryRequested.TYPE, "operations-service", letter.id(), now())
        .record(
            Topics.DEAD_LETTER_ACTIONS.name(),
            Map.of("version", version, "attempt", attempt, "by", by));
  }
}
