package shop.common.security;

import java.util.Set;
import java.util.UUID;

/**
 * The authenticated caller of a request, from a verified access token.
 *
 * @param id account id
 * @param sessionId the session that the token belongs to
 * @param roles such as CUSTOMER, ADMIN
 */
public record Caller(UUID id, String sessionId, Set<String> roles) {

  public static final String CUSTOMER = "CUSTOMER";
  public static final String ADMIN = "ADMIN";

  public Caller {
    roles = Set.copyOf(roles);
  }

  public boolean isAdmin() {
    return roles.contains(ADMIN);
  }
}
