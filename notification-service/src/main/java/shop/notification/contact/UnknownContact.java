package shop.notification.contact;

import java.util.UUID;

/** An account that nobody registered, as far as the log's end. */
public final class UnknownContact extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnknownContact(UUID account) {
    super("No registration of account " + account + " is on the topic accounts");
  }
}
