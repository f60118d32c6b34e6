package shop.gateway.accounts;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import shop.common.id.Uuids;

/** The address somebody logs in with: case makes no difference. */
public record EmailAddress(String value) {

  /** The form that HTML's {@code input type=email} accepts, with a length for each part. */
  public static final String PATTERN =
      "(?=.{3,254}$)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
          + "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*";

  private static final UUID NAMESPACE = UUID.fromString("7d1c1b8e-7f4e-5b0c-9c55-3a4f6f0e2b10");

  public EmailAddress {
    value = value.toLowerCase(Locale.ROOT);
    if (!value.matches(PATTERN)) {
      throw new IllegalArgumentException("Not the form of an e-mail address");
    }
  }

  /** Empty if it has not the form of one. */
  static Optional<EmailAddress> parse(String text) {
    return text.matches(PATTERN) ? Optional.of(new EmailAddress(text)) : Optional.empty();
  }

  /** The account that this address has, or would have. */
  public UUID accountId() {
    return Uuids.v5(NAMESPACE, value);
  }

  /** An address is personal: it is not for the log. */
  @Override
  public String toString() {
    return "EmailAddress[" + accountId() + "]";
  }
}
