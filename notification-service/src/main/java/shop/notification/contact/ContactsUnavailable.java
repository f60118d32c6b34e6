package shop.notification.contact;

import org.jspecify.annotations.Nullable;

/** The topic of accounts cannot be read to its end now. */
public final class ContactsUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ContactsUnavailable(@Nullable Throwable cause) {
    super("The topic accounts cannot be read to its end; check the Kafka brokers", cause);
  }
}
