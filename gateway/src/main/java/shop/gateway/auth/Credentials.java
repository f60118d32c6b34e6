package shop.gateway.auth;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/** The body of a login request. */
record Credentials(
    @NotNull(message = "An e-mail address is required")
        @Size(max = 254, message = "An e-mail address has at most 254 characters")
        String email,
    @NotNull(message = "A password is required")
        @Pattern(
            regexp = "(?s).{0,128}", // code points, unlike @Size
            message = "A password has at most 128 characters")
        String password) {

  /** Omits both: neither may be logged. */
  @Override
  public String toString() {
    return "Credentials[…]";
  }
}
