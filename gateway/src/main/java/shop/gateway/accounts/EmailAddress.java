package shop.gateway.accounts;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import shop.common.id.Uuids;

/**
 * An e-mail address, in lower case: two spellings that differ only in case are the same address.
 */
public record EmailAddress(String value) {

  /**
   * The syntax that HTML's {@code input type=email} accepts, with a maximum length for each part.
   */
  public static final String PATTERN =
      "(?=.{3,254}$)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
          + "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*";

  private static final UUID NAMESPACE = UUID.fromString("7d1c1b8e-7f4e-5b0c-9c55-3a4f6f0e2b10");

  public EmailAddress {
    value = value.toLowerCase(Locale.ROOT);
    if (!value.matches(PATTERN)) {
      throw new IllegalArgumentException("Not a valid e-mail address");
    }
  }

  /** Empty if the text is not a valid e-mail address. */
  static Optional<EmailAddress> parse(String text) {
    return text.matches(PATTERN) ? Optional.of(new EmailAddress(text)) : Optional.empty();
  }

  /** The id of this address's account, whether or not it exists. */
  public UUID accountId() {
    return Uuids.v5(NAMESPACE, value);
  }

  /** Omits the address: it is personal data and must not be logged. */
  @Override
  public String toString() {
    return "EmailAddress[" + accountId() + "]";
  }
}
