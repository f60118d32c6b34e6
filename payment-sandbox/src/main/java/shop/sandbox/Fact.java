package shop.sandbox;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Something that happened and is never taken back; the ledger file is a list of these. */
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

  /** When it happened, by the sandbox's clock. */
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

    /** Keeps one copy of what many intents share: they stay in memory for good. */
    public Created {
      currency = currency.intern();
      paymentMethod = paymentMethod == null ? null : paymentMethod.intern();
      metadata =
          metadata.entrySet().stream()
              .collect(Collectors.toUnmodifiableMap(e -> e.getKey().intern(), Map.Entry::getValue));
    }
  }

  /**
   * An attempt to charge began and was not refused: the money is held, the debit is under way, or
   * the cardholder is asked.
   */
  @JsonTypeName("confirmed")
  record Confirmed(
      Instant at,
      String intent,
      String paymentMethod,
      boolean manualCapture,
      IntentStatus status,
      @Nullable Instant settlesAt)
      implements OfIntent {

    /** Keeps one copy of the method's name. */
    public Confirmed {
      paymentMethod = paymentMethod.intern();
    }
  }

  /** An attempt to charge was refused. */
  @JsonTypeName("declined")
  record Declined(
      Instant at,
      String intent,
      String paymentMethod,
      String code,
      @Nullable String declineCode,
      String message)
      implements OfIntent {}

  /** Money moved to the merchant, once in an intent's life. */
  @JsonTypeName("captured")
  record Captured(Instant at, String intent, long amount) implements OfIntent {}

  /** The intent ended without a capture. */
  @JsonTypeName("canceled")
  record Canceled(Instant at, String intent, @Nullable String reason) implements OfIntent {}

  /** Captured money went back. */
  @JsonTypeName("refunded")
  record Refunded(Instant at, Refund refund) implements Fact {}

  /** The first answer to a keyed request, to be given again to the same request. */
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
