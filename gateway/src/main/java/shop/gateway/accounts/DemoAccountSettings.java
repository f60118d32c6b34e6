package shop.gateway.accounts;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Demo accounts that are created at startup; none are created without a password.
 *
 * @param password of both accounts; empty outside the local profile
 * @param customer e-mail address of the account with the role CUSTOMER; empty for none
 * @param admin e-mail address of the account with the roles ADMIN and CUSTOMER; empty for none
 */
@ConfigurationProperties("shop.seeds")
record DemoAccountSettings(
    @DefaultValue("") String password,
    @DefaultValue("") String customer,
    @DefaultValue("") String admin) {

  @Override
  public String toString() {
    return "DemoAccountSettings[" + (password.isEmpty() ? "off" : "on") + "]";
  }
}
