package shop.notification.contact;

/** The fields used of {@code shop.account.registered.v1}. */
record AccountRegistered(String email) {

  static final String TYPE = "shop.account.registered.v1";

  AccountRegistered {
    if (email.isBlank()) {
      throw new IllegalArgumentException("The account has no e-mail address");
    }
  }
}
