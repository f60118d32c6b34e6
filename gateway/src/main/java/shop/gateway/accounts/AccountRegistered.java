package shop.gateway.accounts;

import java.util.List;
import java.util.Objects;

/** The data of {@code shop.account.registered.v1}. */
record AccountRegistered(String email, String passwordHash, List<String> roles) {

  static final String TYPE = "shop.account.registered.v1";

  AccountRegistered {
    Objects.requireNonNull(email, "email");
    Objects.requireNonNull(passwordHash, "passwordHash");
    roles = List.copyOf(roles);
  }
}
