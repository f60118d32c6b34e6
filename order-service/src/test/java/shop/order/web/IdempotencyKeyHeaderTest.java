package shop.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class IdempotencyKeyHeaderTest {

  @Property
  void visibleCharactersAreAKeyUnquotedAndQuoted(@ForAll("keys") String text) {
    assertThat(IdempotencyKeyHeader.parse("\"" + text + "\"").value()).isEqualTo(text);
    assertThat(IdempotencyKeyHeader.parse(" " + text + " ").value()).isEqualTo(text);
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
      assertThatIllegalArgumentException().isThrownBy(() -> IdempotencyKeyHeader.parse(text));
    }
  }
}
