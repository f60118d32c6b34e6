package shop.operations.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.testkit.Contracts;
import shop.common.testkit.OpenApiFuzz;
import shop.common.testkit.TestTokens;
import shop.operations.ServiceTest;
import shop.operations.State;
import shop.operations.TestLog;
import tools.jackson.databind.JsonNode;

@Tag("slow")
class DeskTest extends ServiceTest {

  /** A bulk retry without a filter would send back the entries of other tests. */
  @Test
  void everyOperationRespondsAsItsDocumentSays() throws Exception {
    OpenApiFuzz.run(port, TestTokens.admin(ADMIN), 1, 40, Set.of("bulk.start"));
  }

  @Test
  void ifMatchTakesAnyVersionAndLists() throws Exception {
    for (String tags : List.of("*", "\"7\", \"1\"", "\"1.4\"")) {
      var letter = appendAndAwait(TestLog.letter("analytics-service"));
      String path = "/admin/dlq/" + letter.id();
      var none = send(request(path, TestTokens.admin(ADMIN)).header("If-None-Match", "*"));
      var weak = discardIf(path, "W/\"1\"");
      var decided = discardIf(path, tags);

      assertThat(none.statusCode()).isEqualTo(304);
      assertThat(weak.statusCode()).isEqualTo(412);
      assertThat(decided.statusCode()).as(decided.body()).isIn(200, 202);
    }
  }

  private HttpResponse<String> discardIf(String path, String ifMatch) throws Exception {
    return send(
        request(path + "/discard", TestTokens.admin(ADMIN))
            .header("Content-Type", "application/json")
            .header("If-Match", ifMatch)
            .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"not needed\"}")));
  }

  @Test
  void anEntryIsListedWithAllItsFields() throws Exception {
    var event = Contracts.record("shop.order.placed.v1");
    var letter =
        TestLog.append(
            TestLog.letter("payment-service", event.key(), event.value(), event.headers()));
    awaitEntry(letter.id());

    var item = asAdmin("/admin/dlq?text=" + letter.position()).at("/items/0");

    assertThat(item.toString())
        .isEqualTo(
            """
            {"id":"%s","service":"payment-service","group":"group-of-payment-service","topic":"orders",\
            "partition":3,"position":"%s","state":"FAILED","version":1,"failedAt":"2026-01-01T00:00:00Z",\
            "exception":"java.lang.IllegalStateException","message":"no such thing","place":"shop.x.Y.z:42",\
            "attempts":3,"redrives":0,"eventType":"shop.order.placed.v1",\
            "subject":"7d0e6f0c-5f1b-5c3a-9a55-0d6a3c1c9b10"}\
            """
                .formatted(letter.id(), letter.position()));
  }

  @Test
  void anUnreadableMessageIsShownWithItsOriginalBytesAndHeaders() throws Exception {
    byte[] key = {(byte) 0xc3, 0x28};
    byte[] poison = {(byte) 0xff, 0, (byte) 0xfe, 10};
    var headers =
        new RecordHeaders()
            .add("x", "one".getBytes(UTF_8))
            .add("x", new byte[] {(byte) 0x80})
            .add("nothing", null);
    var letter = TestLog.append(TestLog.letter("order-service", key, poison, headers));
    awaitEntry(letter.id());

    var entry = asAdmin("/admin/dlq/" + letter.id());

    assertThat(Base64.getDecoder().decode(entry.at("/body/base64").asString())).isEqualTo(poison);
    assertThat(Base64.getDecoder().decode(entry.at("/key/base64").asString())).isEqualTo(key);
    assertThat(entry.at("/body").has("text")).isFalse();
    assertThat(entry.at("/headers").toString())
        .isEqualTo(
            "[{\"name\":\"x\",\"value\":{\"text\":\"one\"}},{\"name\":\"x\",\"value\":{\"base64\":\"gA==\"}},{\"name\":\"nothing\"}]");
    assertThat(entry.at("/history/0/what").asString()).isEqualTo("failed");
  }

  @Test
  void textIsShownAsText() throws Exception {
    var letter =
        TestLog.append(
            TestLog.letter(
                "order-service", null, "{\"ü\":1}".getBytes(UTF_8), new RecordHeaders()));
    var empty = TestLog.append(TestLog.letter("order-service", null, null, new RecordHeaders()));
    awaitEntry(letter.id());
    awaitEntry(empty.id());

    assertThat(asAdmin("/admin/dlq/" + letter.id()).at("/body/text").asString())
        .isEqualTo("{\"ü\":1}");
    assertThat(asAdmin("/admin/dlq/" + letter.id()).has("key")).isFalse();
    assertThat(asAdmin("/admin/dlq/" + empty.id()).has("body")).isFalse();
  }

  @Test
  void anIdIsOnePathSegmentEncodedOrNot() throws Exception {
    var queue =
        new DeadLetter(
            "notification-service",
            "notification-service",
            "rabbitmq:notifications.email",
            0,
            UUID.randomUUID().toString(),
            Instant.parse("2026-01-01T00:00:00Z"),
            new Cause("X", "x", "a.b:1", 5),
            null,
            "mail".getBytes(UTF_8),
            new RecordHeaders());
    TestLog.append(queue);
    awaitEntry(queue.id());

    var encoded = URLEncoder.encode(queue.id(), UTF_8);
    assertThat(encoded).contains("%3A");
    assertThat(asAdmin("/admin/dlq/" + encoded)).isEqualTo(asAdmin("/admin/dlq/" + queue.id()));
    assertThat(retry(encoded, ADMIN).statusCode()).isEqualTo(202);
  }

  @Test
  void aMessageThatIsDeadLetteredTwiceIsOneEntry() throws Exception {
    var letter = TestLog.append(TestLog.letter("order-service"));
    TestLog.append(letter);
    var marker =
        TestLog.append(
            TestLog.letter("order-service", "k".getBytes(UTF_8), null, new RecordHeaders()));
    awaitEntry(marker.id());
    awaitEntry(letter.id());

    assertThat(asAdmin("/admin/dlq?text=" + letter.position()).at("/items").size()).isEqualTo(1);
  }

  @Test
  void aRecordThatIsNoDeadLetterIsShownAsOneAndCannotBeRetried() throws Exception {
    byte[] stray = UUID.randomUUID().toString().getBytes(UTF_8);
    TestLog.append(new ProducerRecord<>("dead-letters", 5, "x".getBytes(UTF_8), stray));
    await().until(() -> find("?group=operations-service&topic=dead-letters", stray) != null);

    JsonNode item = find("?group=operations-service&topic=dead-letters", stray);

    assertThat(item.at("/message").asString()).contains("Not a dead letter");
    assertThat(retry(item.at("/id").asString(), ADMIN).statusCode()).isEqualTo(409);
  }

  @Test
  void filtersNarrowTheList() throws Exception {
    String run = UUID.randomUUID().toString();
    var early =
        TestLog.append(letter("payment-service", "t-" + run, "2025-05-01T00:00:00Z", "early"));
    var late = TestLog.append(letter("order-service", "t-" + run, "2025-05-02T00:00:00Z", "Late"));
    awaitEntry(early.id());
    awaitEntry(late.id());
    String topic = "?topic=t-" + run;

    assertThat(ids(topic)).containsExactly(late.id(), early.id());
    assertThat(ids(topic + "&service=payment-service")).containsExactly(early.id());
    assertThat(ids(topic + "&group=g-order-service")).containsExactly(late.id());
    assertThat(ids(topic + "&state=FAILED")).containsExactly(late.id(), early.id());
    assertThat(ids(topic + "&state=RETRY_PENDING,FAILED")).hasSize(2);
    assertThat(ids(topic + "&state=RESOLVED")).isEmpty();
    assertThat(ids(topic + "&from=2025-05-02T00:00:00Z")).containsExactly(late.id());
    assertThat(ids(topic + "&to=2025-05-02T00:00:00Z")).containsExactly(early.id());
    assertThat(ids(topic + "&text=lATE")).containsExactly(late.id());
    assertThat(ids(topic + "&text=nowhere")).isEmpty();
  }

  @Test
  void pagesStayConsistentWhileNewEntriesArrive() throws Exception {
    String topic = "t-" + UUID.randomUUID();
    var all = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      // given some entries with equal times
      var letter =
          TestLog.append(
              letter("order-service", topic, "2025-06-0" + (1 + i / 2) + "T00:00:00Z", "x"));
      all.add(letter.id());
      awaitEntry(letter.id());
    }

    JsonNode first = asAdmin("/admin/dlq?limit=2&topic=" + topic);
    var newer = TestLog.append(letter("order-service", topic, "2025-07-01T00:00:00Z", "x"));
    awaitEntry(newer.id());
    var pages = new ArrayList<>(ids(first));
    JsonNode page = first;
    while (page.has("nextCursor")) {
      page =
          asAdmin(
              "/admin/dlq?limit=2&topic=" + topic + "&cursor=" + page.at("/nextCursor").asString());
      pages.addAll(ids(page));
    }

    assertThat(pages).doesNotHaveDuplicates().hasSize(5);
    assertThat(new HashSet<>(pages)).isEqualTo(new HashSet<>(all));
  }

  @Test
  void groupsCountEntriesByExceptionAndPlace() throws Exception {
    String topic = "t-" + UUID.randomUUID();
    TestLog.append(letter("order-service", topic, "2025-06-01T00:00:00Z", "one"));
    TestLog.append(letter("payment-service", topic, "2025-06-03T00:00:00Z", "two"));
    await().until(() -> ids("?topic=" + topic).size() == 2);

    assertThat(asAdmin("/admin/dlq/groups?topic=" + topic).toString())
        .isEqualTo(
            "{\"items\":[{\"exception\":\"X\",\"place\":\"a.b:1\",\"count\":2,"
                + "\"oldest\":\"2025-06-01T00:00:00Z\",\"newest\":\"2025-06-03T00:00:00Z\"}]}");
  }

  @Test
  void aTextIsFoundInBodyHeadersKeyAndEveryCause() throws Exception {
    String run = UUID.randomUUID().toString();
    var headers = new RecordHeaders().add("x-note", ("Header-" + run).getBytes(UTF_8));
    byte[] key = ("key-" + run).getBytes(UTF_8);
    byte[] body = ("{\"city\":\"Bödy-" + run + "\"}").getBytes(UTF_8);
    var letter = appendAndAwait(TestLog.letter("payment-service", key, body, headers));
    var other = appendAndAwait(TestLog.letter("payment-service"));
    retry(other.id(), ADMIN);
    TestLog.append(failedAgain(other, 1));
    awaitState(other.id(), State.FAILED);

    for (String text : List.of("header-" + run, "KEY-" + run, "BÖDY-" + run, "x-note: header")) {
      assertThat(ids("?text=" + URLEncoder.encode(text, UTF_8))).contains(letter.id());
      assertThat(ids("?text=" + URLEncoder.encode(text, UTF_8))).doesNotContain(other.id());
    }
    assertThat(ids("?text=still&exception=Again")).contains(other.id());
    assertThat(ids("?state=FAILED&text=header-" + run)).containsExactly(letter.id());
    assertThat(ids("?state=RESOLVED&text=header-" + run)).isEmpty();
    assertThat(asAdmin("/admin/dlq/groups?text=header-" + run).at("/items/0/count").asInt())
        .isEqualTo(1);
  }

  @Test
  void wildcardsInATextAreLiteral() throws Exception {
    String run = UUID.randomUUID().toString();
    var letter =
        appendAndAwait(
            TestLog.letter(
                "payment-service", null, ("50%_\\" + run).getBytes(UTF_8), new RecordHeaders()));
    appendAndAwait(
        TestLog.letter(
            "payment-service", null, ("50 x\\" + run).getBytes(UTF_8), new RecordHeaders()));

    assertThat(ids("?text=" + URLEncoder.encode("0%_\\" + run, UTF_8)))
        .containsExactly(letter.id());
  }

  @Test
  void aTextIsFoundInLargeBodiesToo() throws Exception {
    String run = UUID.randomUUID().toString();
    var large = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      large.append(UUID.randomUUID());
    }
    byte[] body = large.append(run).toString().getBytes(UTF_8);
    var letter = appendAndAwait(TestLog.letter("payment-service", null, body, new RecordHeaders()));

    assertThat(ids("?text=" + run)).containsExactly(letter.id());
  }

  @Test
  void textSearchIsPaged() throws Exception {
    String run = UUID.randomUUID().toString();
    var all = new HashSet<String>();
    for (int i = 0; i < 150; i++) {
      byte[] body =
          ("{\"run\":\"" + run + "\",\"padding\":\"" + "x".repeat(900) + "\"}").getBytes(UTF_8);
      all.add(
          TestLog.append(TestLog.letter("payment-service", null, body, new RecordHeaders())).id());
    }
    await().atMost(TIMEOUT).until(() -> ids("?limit=200&text=" + run).size() == 150);

    var pages = new ArrayList<String>();
    JsonNode page = asAdmin("/admin/dlq?limit=70&text=" + run);
    pages.addAll(ids(page));
    while (page.has("nextCursor")) {
      page =
          asAdmin(
              "/admin/dlq?limit=70&text=" + run + "&cursor=" + page.at("/nextCursor").asString());
      pages.addAll(ids(page));
    }

    assertThat(pages).doesNotHaveDuplicates();
    assertThat(new HashSet<>(pages)).isEqualTo(all);
  }

  @Test
  void causeFiltersApplyToTheLatestFailure() throws Exception {
    String topic = "t-" + UUID.randomUUID();
    var letter =
        appendAndAwait(TestLog.letter("payment-service", topic, null, null, new RecordHeaders()));
    String query = "?topic=" + topic;
    assertThat(ids(query + "&cause=NO+SUCH")).containsExactly(letter.id());
    assertThat(ids(query + "&place=shop.x.Y.z:42")).containsExactly(letter.id());

    retry(letter.id(), ADMIN);
    TestLog.append(failedAgain(letter, 1));
    awaitState(letter.id(), State.FAILED);

    assertThat(ids(query + "&cause=NO+SUCH")).isEmpty();
    assertThat(ids(query + "&cause=again")).containsExactly(letter.id());
    assertThat(ids(query + "&exception=Again&place=a.b:2")).containsExactly(letter.id());
    assertThat(ids(query + "&exception=Agai")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          /admin/dlq?state=LOST, 400
          /admin/dlq?from=yesterday, 400
          /admin/dlq?from=%2B1000000000-12-31T23:59:59Z, 400
          /admin/dlq/groups?to=-1000000000-01-01T00:00:00Z, 400
          /admin/dlq?limit=0, 400
          /admin/dlq?limit=201, 400
          /admin/dlq?cursor=x, 400
          /admin/dlq?text=, 400
          /admin/dlq?text=xy, 400
          /admin/dlq?servce=x, 400
          /admin/dlq?service=x&service=y, 400
          /admin/dlq?from=2025-03-02T00:00:00Z&to=2025-03-01T00:00:00Z, 422
          /admin/dlq/order-view:orders:3:125, 404
          """)
  void invalidRequestsAreProblems(String path, int status) throws Exception {
    var response = get(path, TestTokens.admin(ADMIN));

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
  }

  @Test
  void onlyAdminsSeeTheDesk() throws Exception {
    for (String path : List.of("/admin/dlq", "/admin/dlq/groups", "/admin/dlq/a:b:0:1")) {
      assertThat(get(path, null).statusCode()).isEqualTo(401);
      assertThat(get(path, TestTokens.customer(ADMIN)).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void theServingPortHasNoActuator() throws Exception {
    for (var path : List.of("/actuator", "/actuator/prometheus", "/actuator/health/readiness")) {
      assertThat(get(path, null).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void openEntriesAreMeasured() throws Exception {
    var letter = TestLog.append(TestLog.letter("payment-service"));
    awaitEntry(letter.id());

    var metrics = metrics();

    assertThat(metrics)
        .containsPattern(
            "dead_letters_open\\{.*service=\"payment-service\",state=\"FAILED\".*} [1-9]")
        .containsPattern(
            "dead_letters_oldest_open_age_seconds\\{.*service=\"payment-service\".*} [1-9]")
        .containsPattern("dead_letters_arrived_total\\{.*service=\"payment-service\".*} [1-9]");
    double before = metric("dead_letters_open", "payment-service", "FAILED");
    retry(letter.id(), ADMIN);
    assertThat(metric("dead_letters_open", "payment-service", "FAILED")).isEqualTo(before - 1);
  }

  private static DeadLetter letter(String service, String topic, String at, String message) {
    return new DeadLetter(
        service,
        "g-" + service,
        topic,
        0,
        UUID.randomUUID().toString(),
        Instant.parse(at),
        new Cause("X", message, "a.b:1", 1),
        null,
        new byte[0],
        new RecordHeaders());
  }

  private double metric(String name, String service, String state) throws Exception {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .filter(line -> line.contains("service=\"" + service + "\""))
        .filter(line -> line.contains("state=\"" + state + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private void awaitEntry(String id) {
    await()
        .atMost(TIMEOUT)
        .until(() -> get("/admin/dlq/" + id, TestTokens.admin(ADMIN)).statusCode() == 200);
  }

  private JsonNode find(String query, byte[] body) throws Exception {
    for (var item : asAdmin("/admin/dlq" + query).at("/items")) {
      var entry = asAdmin("/admin/dlq/" + item.at("/id").asString());
      if (entry.at("/body/text").asString().equals(new String(body, UTF_8))) {
        return item;
      }
    }
    return null;
  }

  private List<String> ids(String query) throws Exception {
    return ids(asAdmin("/admin/dlq" + query));
  }

  private static List<String> ids(JsonNode page) {
    return page.at("/items").valueStream().map(item -> item.at("/id").asString()).toList();
  }
}
