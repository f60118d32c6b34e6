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
 * A kind of fault and the calls to inject it into.
 *
 * @param share share of the matching calls, above 0 up to 1; all by default
 * @param orderId only calls for the intent of this order (its {@code metadata[order_id]})
 * @param operation only calls of this operation; without it, {@code timeout_after_capture} applies
 *     to the calls that capture and every other kind to all calls
 * @param times maximum number of faults to inject
 * @param latency delay of the response, for {@code latency}
 * @param hold how long the unanswered connection stays open, for {@code timeout_after_capture}
 * @param after {@code error_500} after the operation instead of in its place
 * @param reset {@code down} resets connections instead of responding with 503
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FaultRule(
    @Nullable FaultKind kind,
    @Nullable Double share,
    @Nullable String orderId,
    @Nullable Operation operation,
    @Nullable Integer times,
    @JsonDeserialize(using = DurationDeserializer.class) @Nullable Duration latency,
    @JsonDeserialize(using = DurationDeserializer.class) @Nullable Duration hold,
    @Nullable Boolean after,
    @Nullable Boolean reset) {

  /** Rejects a rule that could never fire as intended. */
  public FaultRule {
    require(kind != null, "A fault rule needs a kind.");
    require(
        share == null || (share > 0 && share <= 1),
        "share must be above 0 and at most 1: " + share);
    require(times == null || times > 0, "times must be above 0: " + times);
    require(kind != FaultKind.LATENCY || latency != null, "A latency rule needs a latency.");
    requireOnlyFor(kind, FaultKind.LATENCY, "latency", latency);
    requireOnlyFor(kind, FaultKind.TIMEOUT_AFTER_CAPTURE, "hold", hold);
    requireOnlyFor(kind, FaultKind.ERROR_500, "after", after);
    requireOnlyFor(kind, FaultKind.DOWN, "reset", reset);
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

  private static void requireOnlyFor(
      @Nullable FaultKind kind, FaultKind owner, String name, @Nullable Object value) {
    require(
        value == null || kind == owner, name + " is allowed only in rules of kind " + owner + ".");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /**
   * A call that a rule may match; {@code captures} is known only after the operation was evaluated.
   */
  public record Call(Operation operation, @Nullable String orderId, boolean captures) {}

  /** Parses {@code PT2S} as well as {@code 200ms}. */
  static final class DurationDeserializer extends ValueDeserializer<Duration> {
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
