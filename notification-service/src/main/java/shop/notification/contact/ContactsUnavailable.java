package shop.notification.contact;

/** A contact could not be looked up now; a later lookup may succeed. */
public final class ContactsUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ContactsUnavailable(Throwable cause) {
    super("Contacts cannot be looked up; check PostgreSQL and the Kafka brokers", cause);
  }
}
