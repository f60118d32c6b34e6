package shop.gateway.accounts;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Accounts that are made at the start; none without a password.
 *
 * @param password of both; empty outside the local profile
 * @param customer address of the one who may buy; empty for none
 * @param admin address of the one who may do everything; empty for none
 */
@ConfigurationProperties("shop.seeds")
record DemoAccountSettings(
    @DefaultValue("") String password,
    @DefaultValue("") String customer,
    @DefaultValue("") String admin) {

  @Override
  public String toString() {
    return "SeedSettings[" + (password.isEmpty() ? "off" : "on") + "]";
  }
}
