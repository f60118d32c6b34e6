package shop.gateway.accounts;

import java.util.Set;
import java.util.UUID;

/**
 * Somebody who may log in.
 *
 * @param id made from the address, so that an address can never have two accounts
 * @param email in lower case
 * @param passwordHash argon2id, in its PHC string form
 * @param roles such as CUSTOMER, ADMIN
 * @param registration id of the event that registered it
 */
public record Account(
    UUID id, String email, String passwordHash, Set<String> roles, String registration) {

  public Account {
    roles = Set.copyOf(roles);
  }

  /** Without address and hash: it may be logged. */
  @Override
  public String toString() {
    return "Account[" + id + "]";
  }
}
