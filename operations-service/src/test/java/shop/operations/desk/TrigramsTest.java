package shop.operations.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class TrigramsTest {

  @Property(tries = 500)
  void aTextThatIsThereIsNeverDenied(
      @ForAll @StringLength(min = 3, max = 3000) String text,
      @ForAll @IntRange(max = 2999) int from,
      @ForAll @IntRange(min = 3, max = 200) int length) {
    int begin = Math.min(from, text.length() - 3);
    var part = text.substring(begin, Math.min(text.length(), begin + length));

    assertThat(mayContain(Trigrams.of(text), part)).isTrue();
  }

  @Property(tries = 200)
  void upperAndLowerCaseAreFoldedTheSameInPartAndWhole(
      @ForAll @StringLength(min = 3, max = 200) String text,
      @ForAll @IntRange(max = 196) int from) {
    int begin = Math.min(from, text.length() - 3);

    assertThat(SearchText.of(text)).contains(SearchText.of(text.substring(begin)));
  }

  @Example
  void anotherIdIsDeniedAndAFilterIsSmall() {
    var random = new Random(7);
    var text = new StringBuilder();
    for (int i = 0; i < 25; i++) {
      text.append("\"someId\":\"").append(id(random)).append("\",");
    }
    var filter = Trigrams.of(text.toString());

    int taken = 0;
    for (int i = 0; i < 1000; i++) {
      taken += mayContain(filter, id(random)) ? 1 : 0;
    }

    assertThat(taken).isZero();
    assertThat(filter.length * Long.BYTES).isLessThanOrEqualTo(512);
  }

  private static boolean mayContain(long[] filter, String text) {
    for (int hash : Trigrams.sought(text)) {
      if ((filter[Trigrams.word(hash, filter.length)] & (1L << hash)) == 0) {
        return false;
      }
    }
    return true;
  }

  private static String id(Random random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
