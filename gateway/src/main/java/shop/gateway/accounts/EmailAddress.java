package shop.gateway.accounts;

import java.util.Locale;
import java.util.UUID;
import shop.common.id.Uuids;

/**
 * An e-mail address, in lower case: two spellings that differ only in case are the same address.
 */
public record EmailAddress(String value) {

  /**
   * A dot-atom (RFC 5321, section 4.1.2) of at most 64 characters, and a host name. Quoted local
   * parts and address literals are not accepted.
   */
  public static final String PATTERN =
      "(?=.{3,254}$)(?=[^@]{1,64}@)"
          + "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
          + "@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
          + "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*";

  private static final UUID NAMESPACE = UUID.fromString("7d1c1b8e-7f4e-5b0c-9c55-3a4f6f0e2b10");

  public EmailAddress {
    value = value.toLowerCase(Locale.ROOT);
    if (!value.matches(PATTERN)) {
      throw new IllegalArgumentException("Not a valid e-mail address");
    }
  }

  /**
   * The id of the account of a text that a user typed, whether or not it exists. Accounts that were
   * registered under an earlier, wider syntax keep theirs.
   */
  static UUID accountIdOf(String typed) {
    return Uuids.v5(NAMESPACE, typed.toLowerCase(Locale.ROOT));
  }

  /** The id of this address's account, whether or not it exists. */
  public UUID accountId() {
    return accountIdOf(value);
  }

  /** Omits the address: it is personal data and must not be logged. */
  @Override
  public String toString() {
    return "EmailAddress[" + accountId() + "]";
  }
}
