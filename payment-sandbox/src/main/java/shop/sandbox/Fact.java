package shop.sandbox;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An immutable event; the ledger folds them into its state. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "fact")
@JsonSubTypes({
  @JsonSubTypes.Type(Fact.Created.class),
  @JsonSubTypes.Type(Fact.Confirmed.class),
  @JsonSubTypes.Type(Fact.Declined.class),
  @JsonSubTypes.Type(Fact.Captured.class),
  @JsonSubTypes.Type(Fact.Canceled.class),
  @JsonSubTypes.Type(Fact.Refunded.class),
  @JsonSubTypes.Type(Fact.KeyStored.class)
})
public sealed interface Fact {

  /** When it happened, according to the sandbox's clock. */
  Instant at();

  /** A fact about one intent. */
  sealed interface OfIntent extends Fact permits Created, Confirmed, Declined, Captured, Canceled {
    /** The intent, {@code pi_…}. */
    String intent();
  }

  /** An intent exists; nothing is charged yet. Amounts are minor units. */
  @JsonTypeName("created")
  record Created(
      Instant at,
      String intent,
      long amount,
      String currency,
      boolean manualCapture,
      @Nullable String paymentMethod,
      Map<String, String> metadata,
      @Nullable String description)
      implements OfIntent {

    public Created {
      metadata = Map.copyOf(metadata);
    }
  }

  /**
   * A confirmation that was not declined: the money is held, the debit is processing, or the
   * cardholder must authenticate.
   */
  @JsonTypeName("confirmed")
  record Confirmed(
      Instant at,
      String intent,
      String paymentMethod,
      boolean manualCapture,
      IntentStatus status,
      @Nullable Instant settlesAt)
      implements OfIntent {}

  /** A confirmation was declined. */
  @JsonTypeName("declined")
  record Declined(
      Instant at,
      String intent,
      String paymentMethod,
      String code,
      @Nullable String declineCode,
      String message)
      implements OfIntent {}

  /** Money moved to the merchant; at most once per intent. */
  @JsonTypeName("captured")
  record Captured(Instant at, String intent, long amount) implements OfIntent {}

  /** The intent was canceled without a capture. */
  @JsonTypeName("canceled")
  record Canceled(Instant at, String intent, @Nullable String reason) implements OfIntent {}

  /** Captured money was refunded. */
  @JsonTypeName("refunded")
  record Refunded(Instant at, Refund refund) implements Fact {}

  /** The first response under an idempotency key, replayed to the same request. */
  @JsonTypeName("key_stored")
  record KeyStored(
      Instant at,
      String key,
      String fingerprint,
      String endpoint,
      String requestId,
      int status,
      String body)
      implements Fact {}
}
