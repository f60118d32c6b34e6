package shop.operations.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class TrigramsTest {

  @Property(tries = 200)
  void thereAreNoFalseNegatives(
      @ForAll @Size(min = 1, max = 5) List<@StringLength(min = 3, max = 3000) String> texts,
      @ForAll @IntRange(max = 4) int which,
      @ForAll @IntRange(max = 2999) int from,
      @ForAll @IntRange(min = 3, max = 200) int length) {
    int number = which % texts.size();
    var text = texts.get(number);
    int begin = Math.min(from, text.length() - 3);
    var part = text.substring(begin, Math.min(text.length(), begin + length));

    var trigrams = new Trigrams();
    for (int i = 0; i < texts.size(); i++) {
      trigrams.add(i, texts.get(i));
    }

    assertThat(trigrams.mayContain(part).get(number)).isTrue();
  }

  @Property(tries = 200)
  void aSubstringIsCaseFoldedLikeTheWholeText(
      @ForAll @StringLength(min = 3, max = 200) String text,
      @ForAll @IntRange(max = 196) int from) {
    int begin = Math.min(from, text.length() - 3);

    assertThat(SearchText.of(text)).contains(SearchText.of(text.substring(begin)));
  }

  @Example
  void lettersAndDigitsAreFoundExactly() {
    var random = new Random(7);
    var trigrams = new Trigrams();
    var texts = new ArrayList<String>();
    for (int i = 0; i < 500; i++) {
      texts.add(id(random) + " " + id(random));
      trigrams.add(i, texts.get(i));
    }

    for (var sought : List.of("a0f", "123", "zqa", "fff")) {
      var candidates = trigrams.mayContain(sought);

      for (int i = 0; i < texts.size(); i++) {
        assertThat(candidates.get(i)).isEqualTo(texts.get(i).contains(sought));
      }
    }
  }

  @Example
  void aTextWithTooManyTrigramsIsACandidateForEveryQuery() {
    var random = new Random(7);
    var noise = new StringBuilder();
    random.ints(20_000, 'a', 'z' + 1).forEach(one -> noise.append((char) one));
    var trigrams = new Trigrams();
    trigrams.add(0, "nothing of interest");
    trigrams.add(1, noise.toString());

    assertThat(trigrams.mayContain("0123456789").stream()).containsExactly(1);
  }

  private static String id(Random random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
