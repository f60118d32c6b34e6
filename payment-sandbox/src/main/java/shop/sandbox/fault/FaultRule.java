package shop.sandbox.fault;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * One kind of fault and the calls it strikes.
 *
 * @param share of the matching calls, above 0 up to 1; all by default
 * @param orderId only calls about the intent of this order (its {@code metadata[order_id]})
 * @param operation only such calls; without it {@code timeout_after_capture} strikes the calls that
 *     capture, every other kind strikes all
 * @param times at most so often
 * @param latency how late, for {@code latency}
 * @param hold how long an unanswered call stays open, for {@code timeout_after_capture}
 * @param after {@code error_500} after the work instead of before it
 * @param reset {@code down} resets connections instead of answering 503
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FaultRule(
    @Nullable FaultKind kind,
    @Nullable Double share,
    @Nullable String orderId,
    @Nullable Operation operation,
    @Nullable Integer times,
    @JsonDeserialize(using = AnyDuration.class) @Nullable Duration latency,
    @JsonDeserialize(using = AnyDuration.class) @Nullable Duration hold,
    @Nullable Boolean after,
    @Nullable Boolean reset) {

  /** Refuses a rule that could never strike as meant. */
  public FaultRule {
    require(kind != null, "A fault rule needs a kind.");
    require(
        share == null || (share > 0 && share <= 1),
        "share must be above 0 and at most 1: " + share);
    require(times == null || times > 0, "times must be above 0: " + times);
    require(kind != FaultKind.LATENCY || latency != null, "A latency rule needs a latency.");
    belongs(kind, FaultKind.LATENCY, "latency", latency);
    belongs(kind, FaultKind.TIMEOUT_AFTER_CAPTURE, "hold", hold);
    belongs(kind, FaultKind.ERROR_500, "after", after);
    belongs(kind, FaultKind.DOWN, "reset", reset);
    require(latency == null || latency.isPositive(), "latency must be above 0: " + latency);
    require(hold == null || !hold.isNegative(), "hold must not be negative: " + hold);
  }

  boolean matches(Call call) {
    return (orderId == null || orderId.equals(call.orderId()))
        && (operation == null
            ? kind != FaultKind.TIMEOUT_AFTER_CAPTURE || call.captures()
            : operation == call.operation());
  }

  boolean isAfter() {
    return Boolean.TRUE.equals(after);
  }

  boolean isReset() {
    return Boolean.TRUE.equals(reset);
  }

  private static void belongs(
      @Nullable FaultKind kind, FaultKind owner, String name, @Nullable Object value) {
    require(value == null || kind == owner, name + " belongs to rules of kind " + owner + " only.");
  }

  private static void require(boolean condition, String sentence) {
    if (!condition) {
      throw new IllegalArgumentException(sentence);
    }
  }

  /** A call that a rule may strike; {@code captures} is known only once the work is prepared. */
  public record Call(Operation operation, @Nullable String orderId, boolean captures) {}

  /** Reads {@code PT2S} as well as {@code 200ms}. */
  static final class AnyDuration extends ValueDeserializer<Duration> {
    @Override
    public Duration deserialize(JsonParser p, DeserializationContext context) {
      try {
        return DurationStyle.detectAndParse(p.getString());
      } catch (IllegalArgumentException e) {
        throw context.weirdStringException(p.getString(), Duration.class, String.valueOf(e));
      }
    }
  }
}
