package shop.common.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topics;

class DeadLetterTest {

  private static final Instant NOW = Instant.parse("2026-11-21T09:30:00.123Z");
  private static final Cause CAUSE = new Cause("x.Failure", "it broke", "shop.X.y:1", 3);

  @Property
  void preservesTheOriginalBytesAndHeaders(
      @ForAll byte[] key, @ForAll byte[] value, @ForAll byte[] header) {
    var headers = new RecordHeaders();
    headers.add("any", header).add("any", new byte[] {1});

    var entry = letter(key, value, headers).toRecord();
    var read = DeadLetter.read(entry.headers(), entry.value());

    assertThat(entry.topic()).isEqualTo(Topics.DEAD_LETTERS.name());
    assertThat(new String(entry.key(), UTF_8)).isEqualTo("order-view:orders:3:125");
    assertThat(read.key()).isEqualTo(key);
    assertThat(read.value()).isEqualTo(value);
    assertThat(read.headers()).isEqualTo(headers);
    assertThat(read.cause()).isEqualTo(CAUSE);
    assertThat(read.failedAt()).isEqualTo(NOW);
  }

  @Test
  void aMissingKeyOrValueStaysMissing() {
    var entry = letter(null, null, new RecordHeaders()).toRecord();

    var read = DeadLetter.read(entry.headers(), entry.value());

    assertThat(read.key()).isNull();
    assertThat(read.value()).isNull();
  }

  @Test
  void aRedriveHasTheOriginalKeyBytesAndHeaders() {
    var headers = new RecordHeaders();
    headers.add("any", new byte[] {7});

    var redriven = letter(new byte[] {1}, new byte[] {2}, headers).redriven(2);

    assertThat(redriven.topic()).isEqualTo("order-service.redrive");
    assertThat(redriven.key()).containsExactly(1);
    assertThat(redriven.value()).containsExactly(2);
    assertThat(redriven.headers().lastHeader("any").value()).containsExactly(7);
    assertThat(Redrive.of(redriven.headers()))
        .contains(new Redrive("order-view:orders:3:125", 2, "order-view", "orders"));
    assertThat(Redrive.isForOtherGroup(redriven.headers(), "order-processor")).isTrue();
    assertThat(Redrive.isForOtherGroup(redriven.headers(), "order-view")).isFalse();
  }

  @Test
  void aFailedRedriveIsAnOutcomeOfTheEntryAndNotANewEntry() {
    var redriven = letter(new byte[] {1}, new byte[] {2}, new RecordHeaders()).redriven(1);

    var outcome =
        new DeadLetter(
                "order-service",
                "order-view",
                redriven.topic(),
                0,
                "9",
                NOW,
                CAUSE,
                redriven.key(),
                redriven.value(),
                redriven.headers())
            .toRecord();

    assertThat(outcome.topic()).isEqualTo(Topics.DEAD_LETTER_ACTIONS.name());
    var envelope = Envelope.of(outcome.headers());
    assertThat(envelope.type()).isEqualTo(RedriveOutcome.FAILED_AGAIN);
    assertThat(envelope.subject()).isEqualTo("order-view:orders:3:125");
    assertThat(Json.read(outcome.value(), RedriveOutcome.FailedAgain.class))
        .isEqualTo(new RedriveOutcome.FailedAgain(1, CAUSE));
  }

  @Test
  void theCauseIsTheRootOfTheFailure() {
    var failure = new IllegalStateException("outer", new IllegalArgumentException("x".repeat(900)));

    var cause = Cause.of(failure, 2);

    assertThat(cause.exception()).isEqualTo("java.lang.IllegalArgumentException");
    assertThat(cause.message()).hasSize(500);
    assertThat(cause.attempts()).isEqualTo(2);
  }

  private static DeadLetter letter(
      byte @Nullable [] key, byte @Nullable [] value, RecordHeaders headers) {
    return new DeadLetter(
        "order-service", "order-view", "orders", 3, "125", NOW, CAUSE, key, value, headers);
  }
}
