package shop.notification.contact;

import java.util.UUID;

/** The topic {@code accounts}, read to its end, contains no registration of the account. */
public final class UnknownContact extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnknownContact(UUID account) {
    super("The topic accounts contains no registration of account " + account);
  }
}
