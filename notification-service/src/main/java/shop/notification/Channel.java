package shop.notification;

import com.fasterxml.jackson.annotation.JsonValue;

/** A means of reaching a customer. Each channel has its own queue and workers. */
public enum Channel {
  /** E-mail over SMTP. */
  EMAIL("email");

  private final String label;

  Channel(String label) {
    this.label = label;
  }

  /** The stable name in queue names, events and delivery ids. */
  @JsonValue
  public String label() {
    return label;
  }
}
