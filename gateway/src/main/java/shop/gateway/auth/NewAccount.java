package shop.gateway.auth;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import shop.gateway.accounts.EmailAddress;

/** What somebody registers with. */
record NewAccount(
    @NotNull(message = "An e-mail address is required")
        @Pattern(
            regexp = EmailAddress.PATTERN,
            message = "Not the form of an e-mail address, name@example.org")
        String email,
    @NotNull(message = "A password is required")
        @Size(min = 10, max = 128, message = "A password has 10 to 128 characters")
        String password) {

  /** Neither belongs in a log. */
  @Override
  public String toString() {
    return "NewAccount[…]";
  }
}
