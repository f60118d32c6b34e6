package shop.operations.redrive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Base64;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.kafka.Topics;
import shop.common.testkit.TestTokens;
import shop.common.testkit.TopicReader;
import shop.operations.ServiceTest;
import shop.operations.State;
import shop.operations.TestLog;

@Tag("slow")
class EditTest extends ServiceTest {

  private static final String ORIGINAL =
      "{\"customerId\":\"c\",\"total\":{\"amount\":2580,\"currency\":\"EUR\"},\"city\":\"Brelin\"}";
  private static final String CORRECTED = ORIGINAL.replace("Brelin", "Berlin");

  @Test
  void theEditedBodyIsSentWithTheOriginalKeyAndHeaders() throws Exception {
    var letter = appendAndAwait(TestLog.command("order-service", ORIGINAL));

    var response = edit(letter, "{\"body\":" + CORRECTED + ",\"reason\":\"typo\"}");

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(json(response).at("/state").asString()).isEqualTo("RETRY_PENDING");
    awaitRedrives(Topics.ORDER_REDRIVE, letter, 1);
    var sent = TestLog.redrives(Topics.ORDER_REDRIVE, letter.id()).getFirst();
    assertThat(new String(sent.value(), UTF_8)).isEqualTo(CORRECTED);
    assertThat(sent.key()).isEqualTo(letter.key());
    assertThat(sent.headers().lastHeader("ce_id").value())
        .isEqualTo(letter.headers().lastHeader("ce_id").value());
    assertThat(Redrive.of(sent.headers()))
        .hasValue(new Redrive(letter.id(), 1, letter.group(), "order-commands"));
    assertThat(Redrive.isSettlement(sent.headers())).isFalse();
  }

  @Test
  void theOriginalIsKeptAndShownWithTheEdit() throws Exception {
    var letter = appendAndAwait(TestLog.command("order-service", ORIGINAL));
    edit(letter, "{\"body\":" + CORRECTED + ",\"reason\":\"typo\"}");
    TestLog.append(failedAgain(letter, 1));
    awaitState(letter.id(), State.FAILED);

    var entry = asAdmin("/admin/dlq/" + letter.id());
    assertThat(entry.at("/body/text").asString()).isEqualTo(ORIGINAL);
    assertThat(entry.at("/history/1/what").asString()).isEqualTo("edit-requested");
    assertThat(entry.at("/history/1/reason").asString()).isEqualTo("typo");
    assertThat(entry.at("/history/1/body/text").asString()).isEqualTo(CORRECTED);
    assertThat(entry.at("/history/2/cause/exception").asString()).isEqualTo("Again");

    // then a plain retry takes the original again
    retry(letter.id(), ADMIN);
    awaitRedrives(Topics.ORDER_REDRIVE, letter, 2);
    assertThat(TestLog.redrives(Topics.ORDER_REDRIVE, letter.id()))
        .extracting(record -> new String(record.value(), UTF_8))
        .containsExactly(CORRECTED, ORIGINAL);
  }

  @Test
  void changedLockedFieldsAreNamedAndNothingIsSent() throws Exception {
    var letter = appendAndAwait(TestLog.command("order-service", ORIGINAL));

    var response =
        edit(
            letter,
            "{\"body\":{\"customerId\":\"d\",\"total\":{\"amount\":1},\"refundId\":\"r\"}}");

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(json(response).at("/errors").valueStream().map(one -> one.at("/pointer").asString()))
        .containsExactlyInAnyOrder(
            "/body/customerId", "/body/total/amount", "/body/total/currency", "/body/refundId");
    assertThat(asAdmin("/admin/dlq/" + letter.id()).at("/version").asInt()).isEqualTo(1);
  }

  @Test
  void anEventOnTheTopicOrdersCannotBeEdited() throws Exception {
    var letter = appendAndAwait(TestLog.letter("payment-service"));

    var response = edit(letter, "{\"body\":{}}");

    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(json(response).at("/type").asString()).endsWith("not-editable");
  }

  @Test
  void aBodyThatIsNoJsonObjectCannotBeEdited() throws Exception {
    for (byte[] body : new byte[][] {{(byte) 0xff}, "[1]".getBytes(UTF_8), null}) {
      var letter =
          appendAndAwait(
              TestLog.letter("order-service", "order-commands", null, body, new RecordHeaders()));

      assertThat(edit(letter, "{\"body\":{}}").statusCode()).isEqualTo(409);
    }
  }

  @Test
  void aBodyIsRequiredAndOnlyAdminsMayEdit() throws Exception {
    var letter = appendAndAwait(TestLog.command("order-service", ORIGINAL));
    String path = "/admin/dlq/" + letter.id() + "/edit-and-retry";

    assertThat(edit(letter, "{}").statusCode()).isEqualTo(422);
    assertThat(edit(letter, "{\"body\":[]}").statusCode()).isEqualTo(422);
    assertThat(edit(letter, "{\"body\":{},\"headers\":{}}").statusCode()).isEqualTo(422);
    assertThat(edit(letter, "{").statusCode()).isEqualTo(400);
    assertThat(post(path, "{\"body\":{}}", null).statusCode()).isEqualTo(401);
    assertThat(post(path, "{\"body\":{}}", TestTokens.customer(ADMIN)).statusCode()).isEqualTo(403);
    assertThat(asAdmin("/admin/dlq/" + letter.id()).at("/version").asInt()).isEqualTo(1);
  }

  @Test
  void anEditOfAnOldVersionIsRefusedAndNamesTheFirstDecision() throws Exception {
    var letter = appendAndAwait(TestLog.command("order-service", ORIGINAL));
    retry(letter.id(), ADMIN);

    var late =
        send(
            request("/admin/dlq/" + letter.id() + "/edit-and-retry", TestTokens.admin(ADMIN))
                .header("If-Match", "\"1\"")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"body\":" + CORRECTED + "}")));

    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(json(late).at("/by").asString()).isEqualTo(ADMIN.toString());
    assertThat(json(late).at("/what").asString()).isEqualTo("retry-requested");
  }

  @Test
  void theEditedBytesAreInTheLog() throws Exception {
    var letter = appendAndAwait(TestLog.command("order-service", ORIGINAL));
    edit(letter, "{\"body\":" + CORRECTED + "}");

    var action =
        TopicReader.all(Topics.DEAD_LETTER_ACTIONS).stream()
            .filter(record -> new String(record.key(), UTF_8).equals(letter.id()))
            .findFirst()
            .orElseThrow();
    assertThat(new String(action.value(), UTF_8))
        .contains(Base64.getEncoder().encodeToString(CORRECTED.getBytes(UTF_8)));
  }

  private HttpResponse<String> edit(DeadLetter letter, String json) throws Exception {
    return decide(letter.id(), "edit-and-retry", json);
  }
}
