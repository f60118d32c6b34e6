package shop.operations.desk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.deadletter.Cause;
import shop.common.deadletter.RedriveOutcome;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.testkit.Contracts;
import shop.operations.Action;
import shop.operations.BulkRetry;
import shop.operations.RecordPosition;
import shop.operations.desk.DeskRecord.BulkRetryCancelled;
import shop.operations.desk.DeskRecord.BulkRetryStarted;
import shop.operations.desk.DeskRecord.EntryAction;

/** Parses the contract sample of every action type. */
class ActionsTest {

  private static final UUID BY = UUID.fromString("8a6e0804-2bd0-5b1f-8f3c-1f9f0c3a7d21");
  private static final UUID BULK_RETRY = UUID.fromString("0b7e6d3c-52a4-4c1b-8a51-6f5d3a3e9c11");
  private static final Instant AT = Instant.parse("2026-11-21T09:30:00.123Z");

  @Test
  void decisions() {
    assertThat(action(Action.RetryRequested.TYPE))
        .isEqualTo(
            new Action.RetryRequested(
                1, 1, UUID.fromString("2f1c1c56-54f8-5ac2-8f0b-6d0b7c1f4a11"), null, null));
    assertThat(action(Action.EditRequested.TYPE))
        .isEqualTo(
            new Action.EditRequested(1, 1, BY, "the card was replaced", new RecordPosition(4, 44)));
    assertThat(action(Action.DiscardRequested.TYPE))
        .isEqualTo(new Action.DiscardRequested(1, 1, BY, "the customer has withdrawn"));
    assertThat(action(Action.Discarded.TYPE))
        .isEqualTo(new Action.Discarded(1, BY, "the notice is out of date"));
    assertThat(action(Action.Reopened.TYPE))
        .isEqualTo(new Action.Reopened(2, BY, "the instance was lost"));
  }

  @Test
  void outcomes() {
    assertThat(action(RedriveOutcome.RESOLVED))
        .isEqualTo(new Action.Resolved(1, "payment-service"));
    assertThat(action(RedriveOutcome.FAILED_AGAIN))
        .isEqualTo(
            new Action.FailedAgain(
                1,
                "payment-service",
                new Cause(
                    "java.lang.IllegalStateException",
                    "no such thing",
                    "shop.order.projection.OrderProjector.apply:42",
                    3)));
  }

  @Test
  void bulkRetries() {
    var filter = Map.of("service", "notification-service", "from", "2026-11-21T08:00:00Z");
    assertThat(parse(Actions.BULK_STARTED))
        .hasValue(
            new BulkRetryStarted(
                BULK_RETRY,
                new BulkRetry.Plan(BY, "the mail server is back", filter, 50, 120, 2, AT)));
    assertThat(parse(Actions.BULK_CANCELLED)).hasValue(new BulkRetryCancelled(BULK_RETRY, BY, AT));
  }

  @Test
  void theBytesOfAnEdit() {
    assertThat(Actions.editedBody(record(Contracts.record(Action.EditRequested.TYPE))))
        .isEqualTo("{\"paymentMethod\":\"pm_card_visa\"}".getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        Action.RetryRequested.TYPE,
        Action.EditRequested.TYPE,
        Action.DiscardRequested.TYPE,
        Action.Discarded.TYPE,
        Action.Reopened.TYPE,
        Actions.BULK_STARTED,
        Actions.BULK_CANCELLED
      })
  void aDecisionWithoutAnAdminIsMalformed(String type) {
    var sample = Contracts.record(type);
    var withoutAdmin =
        new ProducerRecord<>(
            sample.topic(),
            null,
            null,
            sample.key(),
            Json.bytes(Map.of("version", 1, "ratePerSecond", 1, "matched", 1, "skipped", 0)),
            sample.headers());

    assertThatThrownBy(() -> Actions.parse(record(withoutAdmin)))
        .isInstanceOf(MalformedEvent.class);
  }

  private static Action action(String type) {
    return ((EntryAction) parse(type).orElseThrow()).action();
  }

  private static Optional<DeskRecord> parse(String type) {
    return Actions.parse(record(Contracts.record(type)));
  }

  private static ConsumerRecord<byte[], byte[]> record(ProducerRecord<byte[], byte[]> written) {
    return new ConsumerRecord<>(
        written.topic(),
        4,
        44,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        written.key(),
        written.value(),
        written.headers(),
        Optional.empty());
  }
}
