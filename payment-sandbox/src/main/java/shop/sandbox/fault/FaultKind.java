package shop.sandbox.fault;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The kinds of faults. */
public enum FaultKind {
  /** The response is delayed. */
  @JsonProperty("latency")
  LATENCY,
  /** 500, instead of the operation or after it; stored under the idempotency key. */
  @JsonProperty("error_500")
  ERROR_500,
  /** The operation is performed, but the connection closes without a response. */
  @JsonProperty("timeout_after_capture")
  TIMEOUT_AFTER_CAPTURE,
  /** The connection is reset before the operation. */
  @JsonProperty("connection_reset")
  CONNECTION_RESET,
  /** 429. */
  @JsonProperty("rate_limit")
  RATE_LIMIT,
  /** 503 or a reset, for every operation. */
  @JsonProperty("down")
  DOWN,
  /** 409, as if the idempotency key were in use. */
  @JsonProperty("conflict")
  CONFLICT;

  /** Whether the fault is injected during the execution of the operation instead of before it. */
  boolean isExecutionFault() {
    return switch (this) {
      case ERROR_500, TIMEOUT_AFTER_CAPTURE -> true;
      case LATENCY, CONNECTION_RESET, RATE_LIMIT, DOWN, CONFLICT -> false;
    };
  }
}
