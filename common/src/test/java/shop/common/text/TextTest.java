package shop.common.text;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {

  private static final Validator VALIDATOR =
      Validation.buildDefaultValidatorFactory().getValidator();

  private record Form(
      @Text(max = 10) @Nullable String name, @Text(min = 0, max = 10, lines = true) String note) {}

  private static List<String> violations(@Nullable String name, String note) {
    return VALIDATOR.validate(new Form(name, note)).stream()
        .map(ConstraintViolation::getMessage)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ada", "Ægir Þór", "王小明", "نور", "O'Neill", "a\u200Db", "👩‍👩‍👧"})
  void namesInAnyScriptAreValid(String name) {
    assertThat(violations(name, "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb",
        "a\rb",
        "a\tb",
        "a\u0000b",
        "a\u0085b",
        "a\u2028b",
        "a\u202Eb",
        "a\uD800b"
      })
  void controlCharactersAndLineBreaksAreRefused(String name) {
    assertThat(violations(name, ""))
        .containsExactly("must not contain control characters or line breaks");
  }

  @Test
  void aTextOfSeveralLinesMayHaveLineBreaksButNoOtherControlCharacters() {
    assertThat(violations("Ada", "a\r\n\tb")).isEmpty();
    assertThat(violations("Ada", "a\u001Bb"))
        .containsExactly("must not contain control characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\u00A0", "\u200B", "\u2060\uFEFF", "\u3164", "\u2800"})
  void aNameOfInvisibleCharactersIsBlank(String name) {
    assertThat(violations(name, "")).containsExactly("must not be blank");
  }

  @Test
  void lengthIsCountedInCodePoints() {
    assertThat(violations("😀".repeat(10), "")).isEmpty();
    assertThat(violations("😀".repeat(11), "")).containsExactly("must have 1 to 10 characters");
  }

  @Test
  void aMissingTextIsValid() {
    assertThat(violations(null, "")).isEmpty();
  }
}
