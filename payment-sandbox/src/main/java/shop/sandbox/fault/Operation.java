package shop.sandbox.fault;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The operation of a call; a list request is a {@code retrieve}. */
public enum Operation {
  @JsonProperty("create")
  CREATE,
  @JsonProperty("confirm")
  CONFIRM,
  @JsonProperty("capture")
  CAPTURE,
  @JsonProperty("cancel")
  CANCEL,
  @JsonProperty("refund")
  REFUND,
  @JsonProperty("retrieve")
  RETRIEVE
}
