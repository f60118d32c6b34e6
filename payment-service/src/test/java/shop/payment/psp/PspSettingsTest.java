package shop.payment.psp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(strings = {"sk_live_secret", "rk_live_secret"})
  void liveKeyIsRefusedWithoutTls(String key) {
    assertThatThrownBy(() -> settings(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PSP_BASE")
        .hasMessageNotContaining("secret");
    assertThat(settings(key, "https://api.stripe.com").apiKey()).isEqualTo(key);
  }

  private static PspSettings settings(String key) {
    return settings(key, "http://127.0.0.1:1");
  }

  private static PspSettings settings(String key, String base) {
    return new PspSettings(
        URI.create(base),
        key,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ZERO,
        2,
        1,
        1,
        Duration.ZERO);
  }
}
