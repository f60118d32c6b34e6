package shop.payment.psp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PspSettingsTest {

  @Test
  void missingKeyIsRejectedAndTheMessageNamesTheVariable() {
    assertThatThrownBy(() -> settings(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PSP_API_KEY");
  }

  @Test
  void toStringOmitsTheKey() {
    assertThat(settings("sk_secret").toString()).doesNotContain("sk_secret");
  }

  private static PspSettings settings(String key) {
    return new PspSettings(
        URI.create("http://127.0.0.1:1"),
        key,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ZERO,
        2);
  }
}
