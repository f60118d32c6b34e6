package shop.notification.contact;

/** The address of an account. {@link #toString} omits it: logs contain no personal data. */
public record Contact(String email) {

  @Override
  public String toString() {
    return "Contact";
  }
}
