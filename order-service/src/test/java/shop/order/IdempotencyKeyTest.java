package shop.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class IdempotencyKeyTest {

  @Property
  void visibleCharactersAreAKeyBareAndQuoted(@ForAll("keys") String text) {
    assertThat(IdempotencyKey.parse("\"" + text + "\"").value()).isEqualTo(text);
    assertThat(IdempotencyKey.parse(" " + text + " ").value()).isEqualTo(text);
  }

  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.strings()
        .withCharRange('!', '~')
        .ofMinLength(16)
        .ofMaxLength(255)
        .filter(text -> !text.startsWith("\""));
  }

  @Test
  void shortLongAndInvisibleOnesAreRefused() {
    for (var text :
        new String[] {
          "", "short", "x".repeat(256), "sixteen chars or more", "ключ-ключ-ключ-ключ"
        }) {
      assertThatIllegalArgumentException().isThrownBy(() -> IdempotencyKey.parse(text));
    }
  }

  @Test
  void aKeyNamesOneOrderOfOneCustomer() {
    var ada = UUID.fromString("2f1c1c56-54f8-5ac2-8f0b-6d0b7c1f4a11");
    var key = IdempotencyKey.parse("5b8a3c1e-0c64-4a53-9d0d-1d1b1b9f6f11");

    assertThat(OrderId.of(ada, key)).isEqualTo(OrderId.of(ada, key));
    assertThat(OrderId.of(ada, key)).isNotEqualTo(OrderId.of(UUID.randomUUID(), key));
    assertThat(OrderId.of(ada, key).value().version()).isEqualTo(5);
  }
}
