package shop.operations.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import shop.common.deadletter.Cause;
import shop.operations.DeadLetterSummary;
import shop.operations.RecordPosition;
import shop.operations.desk.ListPosition.IndexedEntry;

class TextIndexTest {

  private static final Random RANDOM = new Random(7);

  private final TextIndex texts = new TextIndex();

  @Test
  void textsOfManyKindsAndSizesAreFound() {
    var all = new ArrayList<String>();
    var indexed = new ArrayList<IndexedEntry>();
    for (int i = 0; i < 10_000; i++) {
      var text = "{\"kind\":\"ä " + i % 200 + "\",\"id\":\"" + id().repeat(1 + i % 9) + "\"}";
      all.add(text);
      indexed.add(texts.add(letter("kind-" + i % 200), text));
    }

    try (var reader = texts.new Reader()) {
      for (int i = 0; i < all.size(); i++) {
        assertThat(reader.text(indexed.get(i))).isEqualTo(all.get(i));
        var part = all.get(i).substring(0, 30);
        assertThat(texts.mayContain(part).get(indexed.get(i).number())).isTrue();
      }
    }
  }

  @Test
  void textsOfOneKindDeflateWell() {
    var first = "{\"customerId\":\"" + id() + "\",\"shippingAddress\":\"1 Sample Street\"}";
    texts.add(letter("placed"), first);

    var next = texts.add(letter("placed"), first.replace("1 Sample", "2 Sample"));

    assertThat((int) next.deflatedLength()).isBetween(1, 30);
  }

  @Test
  void aLargeTextIsNotStoredButItsTrigramsAreIndexed() {
    var text = new StringBuilder();
    for (int i = 0; i < 250; i++) {
      text.append(id());
    }

    var large = texts.add(letter("large"), text + "needle");

    assertThat((int) large.deflatedLength()).isZero();
    assertThat(texts.mayContain("needle").get(large.number())).isTrue();
    assertThat(texts.mayContain("haystack").get(large.number())).isFalse();
  }

  private static String id() {
    return new UUID(RANDOM.nextLong(), RANDOM.nextLong()).toString();
  }

  private static DeadLetterSummary letter(String type) {
    return new DeadLetterSummary(
        "g:t:0:1",
        "s",
        "g",
        "t",
        0,
        Instant.EPOCH,
        new Cause("X", "x", "a.b:1", 1),
        type,
        null,
        new RecordPosition(0, 0));
  }
}
