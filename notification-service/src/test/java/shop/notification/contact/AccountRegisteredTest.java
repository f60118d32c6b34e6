package shop.notification.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import shop.common.json.Json;
import shop.common.json.MalformedJson;
import shop.common.testkit.Contracts;

class AccountRegisteredTest {

  @Test
  void readsTheContractsSample() {
    assertThat(Contracts.data(AccountRegistered.TYPE, AccountRegistered.class).email())
        .isEqualTo("ada@example.org");
  }

  @Test
  void accountWithoutAddressIsMalformed() {
    assertThatThrownBy(
            () -> Json.read("{}".getBytes(StandardCharsets.UTF_8), AccountRegistered.class))
        .isInstanceOf(MalformedJson.class);
  }

  @Test
  void contactOmitsItsAddressFromToString() {
    assertThat(new Contact("ada@example.org").toString()).doesNotContain("ada");
  }
}
