package shop.notification.contact;

/** What is read of {@code shop.account.registered.v1}. */
record AccountRegistered(String email) {

  static final String TYPE = "shop.account.registered.v1";

  AccountRegistered {
    if (email.isBlank()) {
      throw new IllegalArgumentException("An account without an e-mail address");
    }
  }
}
