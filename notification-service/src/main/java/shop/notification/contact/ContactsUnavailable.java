package shop.notification.contact;

import org.jspecify.annotations.Nullable;

/** The topic {@code accounts} could not be read to its end in time. */
public final class ContactsUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ContactsUnavailable(@Nullable Throwable cause) {
    super(
        "The topic accounts could not be read to its end in time; check the Kafka brokers", cause);
  }
}
