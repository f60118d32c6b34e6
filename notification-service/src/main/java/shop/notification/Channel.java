package shop.notification;

import com.fasterxml.jackson.annotation.JsonValue;

/** A way to reach somebody; each has a queue and workers of its own. */
public enum Channel {
  /** E-mail over SMTP. */
  EMAIL("email");

  private final String label;

  Channel(String label) {
    this.label = label;
  }

  /** The stable name in queues, events and delivery ids. */
  @JsonValue
  public String label() {
    return label;
  }
}
