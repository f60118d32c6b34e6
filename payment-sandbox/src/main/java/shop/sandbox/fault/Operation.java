package shop.sandbox.fault;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a call asks for; listing counts as retrieving. */
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
