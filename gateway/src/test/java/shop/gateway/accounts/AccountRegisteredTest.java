package shop.gateway.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import shop.common.json.Json;
import shop.common.testkit.Contracts;

/** The event conforms to its contract. */
class AccountRegisteredTest {

  @Test
  void isWrittenAsTheSample() {
    var sample = Contracts.sample(AccountRegistered.TYPE).get("data");
    var data =
        new AccountRegistered(
            "ada@example.org", sample.get("passwordHash").asString(), List.of("CUSTOMER"));

    assertThat(Json.MAPPER.readTree(Json.bytes(data))).isEqualTo(sample);
  }

  @Test
  void isReadFromTheSample() {
    var data = Contracts.data(AccountRegistered.TYPE, AccountRegistered.class);

    assertThat(data.email()).isEqualTo("ada@example.org");
    assertThat(data.roles()).containsExactly("CUSTOMER");
  }
}
