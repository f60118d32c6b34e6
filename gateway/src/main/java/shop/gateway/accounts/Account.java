package shop.gateway.accounts;

import java.util.Set;
import java.util.UUID;

/**
 * An account that can log in.
 *
 * @param id derived from the address, so that an address can never have two accounts
 * @param email in lower case
 * @param passwordHash argon2id, in its PHC string form
 * @param roles such as CUSTOMER, ADMIN
 * @param registrationId id of the event that registered it
 */
public record Account(
    UUID id, String email, String passwordHash, Set<String> roles, String registrationId) {

  public Account {
    roles = Set.copyOf(roles);
  }

  /** Omits the address and the hash, so that it is safe to log. */
  @Override
  public String toString() {
    return "Account[" + id + "]";
  }
}
