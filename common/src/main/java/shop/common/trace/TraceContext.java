package shop.common.trace;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * A span of a trace (W3C Trace Context, level 1). The current one is stored in the logging context
 * (MDC), so that every log line contains it.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 lower-case hexadecimal digits, not all zero
 * @param flags two hexadecimal digits; 01 means sampled
 */
public record TraceContext(String traceId, String spanId, String flags) {

  /** The name of the HTTP, Kafka and AMQP header. */
  public static final String HEADER = "traceparent";

  private static final String TRACE_ID = "traceId";
  private static final String SPAN_ID = "spanId";
  private static final Pattern TRACEPARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final HexFormat HEX = HexFormat.of();
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The first span of a new trace. */
  public static TraceContext fresh() {
    byte[] id = new byte[16];
    RANDOM.nextBytes(id);
    return new TraceContext(HEX.formatHex(id), newSpanId(), "01");
  }

  /** A child of the header's span; a new trace if the header is absent or malformed. */
  public static TraceContext below(@Nullable String traceparent) {
    return parse(traceparent).map(TraceContext::child).orElseGet(TraceContext::fresh);
  }

  /** Parses a header; empty if it is absent or malformed. */
  public static Optional<TraceContext> parse(@Nullable String traceparent) {
    if (traceparent == null || !TRACEPARENT.matcher(traceparent).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new TraceContext(
            traceparent.substring(3, 35),
            traceparent.substring(36, 52),
            traceparent.substring(53, 55)));
  }

  /** The current thread's context; a new trace if it has none. */
  public static TraceContext current() {
    String trace = MDC.get(TRACE_ID);
    String span = MDC.get(SPAN_ID);
    return trace == null || span == null ? fresh() : new TraceContext(trace, span, "01");
  }

  /** A new span of the same trace. */
  public TraceContext child() {
    return new TraceContext(traceId, newSpanId(), flags);
  }

  /** The value of the traceparent header. */
  public String traceparent() {
    return "00-" + traceId + "-" + spanId + "-" + flags;
  }

  /** Makes this the current thread's context until the scope is closed. */
  public Scope open() {
    @Nullable String outerTrace = MDC.get(TRACE_ID);
    @Nullable String outerSpan = MDC.get(SPAN_ID);
    MDC.put(TRACE_ID, traceId);
    MDC.put(SPAN_ID, spanId);
    return () -> {
      restore(TRACE_ID, outerTrace);
      restore(SPAN_ID, outerSpan);
    };
  }

  private static void restore(String key, @Nullable String value) {
    if (value == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
  }

  private static String newSpanId() {
    long id = ThreadLocalRandom.current().nextLong();
    return HEX.toHexDigits(id == 0 ? 1 : id);
  }

  /** The time during which a context is current. */
  @FunctionalInterface
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }
}
