package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HashingTest {
  /** Published values: FNV-1a 64 of the empty text and of "a", fmix64 of 1. */
  @Test
  void agreesWithPublishedValues() {
    assertThat(Hashing.mix(1)).isEqualTo(0xb456bcfc34c2cb2cL);
    assertThat(Hashing.of("")).isEqualTo(Hashing.mix(0xcbf29ce484222325L));
    assertThat(Hashing.of("a")).isEqualTo(Hashing.mix(0xaf63dc4c8601ec8cL));
  }

  @Test
  void bytesAndTextOfTheSameCharactersAgree() {
    assertThat(Hashing.of("10.0.0.1".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(Hashing.of("10.0.0.1"));
    assertThat(Hashing.of(new byte[] {-1})).isEqualTo(Hashing.of("\u00ff"));
  }

  /** Half of the bits change with any bit of the input. */
  @Test
  void similarTextsHaveUnrelatedHashes() {
    long changed = 0;
    for (int i = 0; i < 10_000; i++) {
      changed += Long.bitCount(Hashing.of("session-" + i) ^ Hashing.of("session-" + (i + 1)));
    }

    assertThat(changed / 10_000.0).isCloseTo(32, within(0.5));
  }

  @Test
  void similarTextsDoNotCollide() {
    Set<Long> hashes = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      hashes.add(Hashing.of("10.0." + i / 256 + "." + i % 256));
    }

    assertThat(hashes).hasSize(100_000);
  }
}
