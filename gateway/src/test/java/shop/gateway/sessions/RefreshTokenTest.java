package shop.gateway.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/** The next token can be read with the token that it replaces, and with nothing else. */
class RefreshTokenTest {

  private final SecureRandom random = new SecureRandom();
  private final RefreshToken used = RefreshToken.first(random);
  private final RefreshToken next = used.next(random);

  @Test
  void theTokenThatIsReplacedOpensTheNextOne() {
    assertThat(used.unseal(used.seal(next, random)).text()).isEqualTo(next.text());
  }

  @Test
  void noOtherTokenOpensIt() {
    String sealed = used.seal(next, random);

    assertThat(sealed).doesNotContain(next.secret());
    assertThatThrownBy(() -> next.unseal(sealed)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> used.next(random).unseal(sealed))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aChangedTextIsNotOpened() {
    String sealed = used.seal(next, random);
    char other = sealed.charAt(30) == 'A' ? 'B' : 'A';

    assertThatThrownBy(() -> used.unseal(sealed.substring(0, 30) + other + sealed.substring(31)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> used.unseal("AAAA")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theTextOfATokenIsParsed() {
    assertThat(RefreshToken.parse(used.text())).hasValue(used);
    assertThat(RefreshToken.parse(used.text() + "x")).isEmpty();
    assertThat(used.toString()).doesNotContain(used.secret());
  }
}
