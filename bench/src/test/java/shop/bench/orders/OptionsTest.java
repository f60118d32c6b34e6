package shop.bench.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

  @Test
  void defaultsMeasureAllTargetsAfterAWarmUp() {
    var options = Options.of(new String[0]);

    assertThat(options.only()).containsExactly("platform", "baseline", "direct");
    assertThat(options.warmUp()).isGreaterThanOrEqualTo(40);
    assertThat(options.runs()).isGreaterThanOrEqualTo(3);
    assertThat(options.connections()).isEqualTo(64);
  }

  @Test
  void optionsOverrideDefaults() {
    var options = Options.of("--only baseline,direct --runs 5 --rate 250".split(" ", -1));

    assertThat(options.only()).containsExactly("baseline", "direct");
    assertThat(options.runs()).isEqualTo(5);
    assertThat(options.rate()).isEqualTo(250);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--runs",
        "--runs 0",
        "--runs 11",
        "--seconds 3600",
        "--rate 1000000",
        "--rate x",
        "--connections 100000",
        "--speed 5",
        "runs 5",
        "--only moon"
      })
  void unboundedOrUnknownOptionsAreRejected(String arguments) {
    assertThatThrownBy(() -> Options.of(arguments.split(" ", -1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
