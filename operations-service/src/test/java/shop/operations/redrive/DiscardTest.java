package shop.operations.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.deadletter.RedriveOutcome;
import shop.common.kafka.Topics;
import shop.common.testkit.Contracts;
import shop.common.testkit.TestTokens;
import shop.operations.ServiceTest;
import shop.operations.State;
import shop.operations.TestLog;

@Tag("slow")
class DiscardTest extends ServiceTest {

  private static final String REASON = "{\"reason\":\"the customer has withdrawn\"}";

  @Test
  void aPaymentIsDiscardedOnlyWhenItsServiceHasSettledIt() throws Exception {
    var letter = appendAndAwait(payment());

    var response = decide(letter.id(), "discard", REASON);

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(json(response).at("/state").asString()).isEqualTo("DISCARD_PENDING");
    awaitRedrives(letter, 1);
    var sent = TestLog.redrives(Topics.PAYMENT_REDRIVE, letter.id()).getFirst();
    assertThat(Redrive.isSettlement(sent.headers())).isTrue();
    assertThat(sent.value()).isEqualTo(letter.value());

    TestLog.append(
        RedriveOutcome.resolved(Redrive.of(sent.headers()).orElseThrow(), "payment-service", now())
            .toRecord());
    awaitState(letter.id(), State.DISCARDED);
  }

  @Test
  void aPaymentThatCannotBeSettledWaitsForTheNextDecision() throws Exception {
    var letter = appendAndAwait(payment());
    decide(letter.id(), "discard", REASON);

    TestLog.append(failedAgain(letter, 1));

    awaitState(letter.id(), State.FAILED);
    assertThat(retry(letter.id(), ADMIN).statusCode()).isEqualTo(202);
    awaitRedrives(letter, 2);
    var retried = TestLog.redrives(Topics.PAYMENT_REDRIVE, letter.id()).getLast();
    assertThat(Redrive.isSettlement(retried.headers())).isFalse();
  }

  @Test
  void anOrderThatWasNeverPlacedIsDiscardedOnlyWhenItsServiceHasSettledIt() throws Exception {
    var letter = appendAndAwait(TestLog.command("order-service", "{}"));

    assertThat(decide(letter.id(), "discard", REASON).statusCode()).isEqualTo(202);

    awaitRedrives(Topics.ORDER_REDRIVE, letter, 1);
    var sent = TestLog.redrives(Topics.ORDER_REDRIVE, letter.id()).getFirst();
    assertThat(Redrive.isSettlement(sent.headers())).isTrue();
    awaitState(letter.id(), State.DISCARD_PENDING);
  }

  @Test
  void aMessageThatNeedsNoSettlementIsDiscardedAtOnceAndNothingIsSent() throws Exception {
    var letter = appendAndAwait(TestLog.command("notification-service", "{}"));

    var response = decide(letter.id(), "discard", REASON);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).at("/state").asString()).isEqualTo("DISCARDED");
    awaitRedriverIdle();
    assertThat(TestLog.redrives(Topics.NOTIFICATION_REDRIVE, letter.id())).isEmpty();
    assertThat(retry(letter.id(), ADMIN).statusCode()).isEqualTo(409);
    assertThat(asAdmin("/admin/dlq/" + letter.id()).at("/history/1/reason").asString())
        .isEqualTo("the customer has withdrawn");
  }

  @Test
  void aMessageWithoutASubjectNeedsNoSettlement() throws Exception {
    var letter = appendAndAwait(TestLog.letter("payment-service"));

    assertThat(decide(letter.id(), "discard", REASON).statusCode()).isEqualTo(200);
  }

  @Test
  void aRefusedRetryNamesTheRemedyAndTheEntryCanBeDiscarded() throws Exception {
    var letter = appendAndAwait(TestLog.command("gateway", "{}"));

    var response = retry(letter.id(), ADMIN);

    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(json(response).at("/detail").asString())
        .startsWith("It cannot be retried: ")
        .contains("Append a corrected record to that topic");
    assertThat(decide(letter.id(), "discard", REASON).statusCode()).isEqualTo(200);
  }

  @Test
  void aDecisionThatComesTooLateIsRefusedAndNamesTheFirst() throws Exception {
    var letter = appendAndAwait(payment());
    var first = new UUID(7, 7);
    assertThat(
            post("/admin/dlq/" + letter.id() + "/discard", REASON, TestTokens.admin(first))
                .statusCode())
        .isEqualTo(202);

    var late = retry(letter.id(), ADMIN);

    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(json(late).at("/by").asString()).isEqualTo(first.toString());
    assertThat(json(late).at("/what").asString()).isEqualTo("discard-requested");
    assertThat(json(late).at("/detail").asString()).contains("DISCARD_PENDING", first.toString());
  }

  @Test
  void aReasonIsRequiredAndOnlyAdminsMayDiscard() throws Exception {
    var letter = appendAndAwait(payment());
    String path = "/admin/dlq/" + letter.id() + "/discard";

    assertThat(decide(letter.id(), "discard", "{}").statusCode()).isEqualTo(422);
    assertThat(decide(letter.id(), "discard", "{\"reason\":\" \"}").statusCode()).isEqualTo(422);
    assertThat(decide(letter.id(), "discard", "").statusCode()).isEqualTo(400);
    assertThat(post(path, REASON, null).statusCode()).isEqualTo(401);
    assertThat(post(path, REASON, TestTokens.customer(ADMIN)).statusCode()).isEqualTo(403);
    assertThat(asAdmin("/admin/dlq/" + letter.id()).at("/version").asInt()).isEqualTo(1);
  }

  private static DeadLetter payment() {
    var event = Contracts.record("shop.order.placed.v1");
    return TestLog.letter("payment-service", event.key(), event.value(), event.headers());
  }
}
