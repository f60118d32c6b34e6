package shop.notification.contact;

/** What is read of {@code shop.account.registered.v1}. */
record AccountRegistered(String email) {

  static final String TYPE = "shop.account.registered.v1";

  AccountRegistered {
    if (email == null || email.isBlank()) {
      throw new IllegalArgumentException("An account without an e-mail address");
    }
  }
}
