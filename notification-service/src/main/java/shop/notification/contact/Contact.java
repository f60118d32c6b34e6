package shop.notification.contact;

/** How an account is reached. It does not print its address: logs hold no personal data. */
public record Contact(String email) {

  @Override
  public String toString() {
    return "Contact";
  }
}
