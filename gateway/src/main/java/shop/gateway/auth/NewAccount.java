package shop.gateway.auth;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import shop.gateway.accounts.EmailAddress;

/** The body of a registration request. */
record NewAccount(
    @NotNull(message = "An e-mail address is required")
        @Pattern(
            regexp = EmailAddress.PATTERN,
            message = "Not a valid e-mail address, such as name@example.org")
        String email,
    @NotNull(message = "A password is required")
        @Pattern(
            regexp = "(?s).{10,128}", // code points, unlike @Size
            message = "A password has 10 to 128 characters")
        String password) {

  /** Omits both: neither may be logged. */
  @Override
  public String toString() {
    return "NewAccount[…]";
  }
}
