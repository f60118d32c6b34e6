package shop.common.deadletter;

import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;

/**
 * The outcome of a redrive, as reported by the service that received the message.
 *
 * @param redrive the redrive
 * @param source the service that reports the outcome
 * @param cause why processing failed again; null if it succeeded
 * @param at time of the outcome
 */
public record RedriveOutcome(Redrive redrive, String source, @Nullable Cause cause, Instant at) {

  public static final String RESOLVED = "shop.dead-letter.resolved.v1";
  public static final String FAILED_AGAIN = "shop.dead-letter.failed-again.v1";

  public static RedriveOutcome resolved(Redrive redrive, String source, Instant at) {
    return new RedriveOutcome(redrive, source, null, at);
  }

  static RedriveOutcome failed(Redrive redrive, String source, Cause cause, Instant at) {
    return new RedriveOutcome(redrive, source, cause, at);
  }

  /** The event to publish. Its id is the same each time it is published. */
  public ProducerRecord<byte[], byte[]> toRecord() {
    String type = cause == null ? RESOLVED : FAILED_AGAIN;
    return Envelope.of(type, source, redrive.entry(), at)
        .withId(redrive.entry() + "/" + redrive.attempt())
        .record(
            Topics.DEAD_LETTER_ACTIONS.name(),
            cause == null
                ? new Resolved(redrive.attempt())
                : new FailedAgain(redrive.attempt(), cause));
  }

  /** Data of {@link #RESOLVED}. */
  public record Resolved(int attempt) {}

  /** Data of {@link #FAILED_AGAIN}. */
  public record FailedAgain(int attempt, Cause cause) {}
}
