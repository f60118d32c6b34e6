package shop.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdempotencyKeyTest {

  @Test
  void shortLongAndInvisibleOnesAreRefused() {
    for (var text :
        new String[] {
          "", "short", "x".repeat(256), "sixteen chars or more", "ключ-ключ-ключ-ключ"
        }) {
      assertThatIllegalArgumentException().isThrownBy(() -> new IdempotencyKey(text));
    }
  }

  @Test
  void aKeyNamesOneOrderOfOneCustomer() {
    var ada = UUID.fromString("2f1c1c56-54f8-5ac2-8f0b-6d0b7c1f4a11");
    var key = new IdempotencyKey("5b8a3c1e-0c64-4a53-9d0d-1d1b1b9f6f11");

    assertThat(OrderId.of(ada, key)).isEqualTo(OrderId.of(ada, key));
    assertThat(OrderId.of(ada, key)).isNotEqualTo(OrderId.of(UUID.randomUUID(), key));
    assertThat(OrderId.of(ada, key).value().version()).isEqualTo(5);
  }
}
