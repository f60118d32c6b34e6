package shop.sandbox.fault;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What goes wrong. */
public enum FaultKind {
  /** The answer comes late. */
  @JsonProperty("latency")
  LATENCY,
  /** 500, before the work or after it; kept under the idempotency key. */
  @JsonProperty("error_500")
  ERROR_500,
  /** The work is done, but the connection closes without an answer. */
  @JsonProperty("timeout_after_capture")
  TIMEOUT_AFTER_CAPTURE,
  /** The connection is reset before any work. */
  @JsonProperty("connection_reset")
  CONNECTION_RESET,
  /** 429. */
  @JsonProperty("rate_limit")
  RATE_LIMIT,
  /** 503, or a reset, whatever is asked. */
  @JsonProperty("down")
  DOWN,
  /** 409 as if the key were in use. */
  @JsonProperty("conflict")
  CONFLICT;

  /** Whether it decides once the work is prepared, and not before. */
  boolean strikesAtWork() {
    return switch (this) {
      case ERROR_500, TIMEOUT_AFTER_CAPTURE -> true;
      case LATENCY, CONNECTION_RESET, RATE_LIMIT, DOWN, CONFLICT -> false;
    };
  }
}
