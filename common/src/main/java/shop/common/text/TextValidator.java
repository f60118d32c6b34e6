package shop.common.text;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Validates {@link Text}. */
public final class TextValidator implements ConstraintValidator<Text, CharSequence> {

  private int min;
  private int max;
  private boolean lines;

  @Override
  public void initialize(Text text) {
    min = text.min();
    max = text.max();
    lines = text.lines();
  }

  @Override
  public boolean isValid(@Nullable CharSequence value, ConstraintValidatorContext context) {
    if (value == null) {
      return true;
    }
    Optional<String> violation = violation(value);
    violation.ifPresent(message -> {
      context.disableDefaultConstraintViolation();
      context.buildConstraintViolationWithTemplate(message).addConstraintViolation();
    });
    return violation.isEmpty();
  }

  private Optional<String> violation(CharSequence value) {
    if (value.codePoints().anyMatch(this::isForbidden)) {
      return Optional.of(
          lines
              ? "must not contain control characters"
              : "must not contain control characters or line breaks");
    }
    if (min > 0 && value.codePoints().noneMatch(TextValidator::isVisible)) {
      return Optional.of("must not be blank");
    }
    long length = value.codePoints().count();
    if (length < min || length > max) {
      return Optional.of("must have %d to %d characters".formatted(min, max));
    }
    return Optional.empty();
  }

  private boolean isForbidden(int character) {
    if (lines && (character == '\n' || character == '\r' || character == '\t')) {
      return false;
    }
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.FORMAT -> isBidirectionalControl(character);
      default -> false;
    };
  }

  /** Unicode's property Bidi_Control, without the marks that affect only their neighbours. */
  private static boolean isBidirectionalControl(int character) {
    return (character >= 0x202A && character <= 0x202E)
        || (character >= 0x2066 && character <= 0x2069);
  }

  private static boolean isVisible(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.UNASSIGNED ->
          false;
      default -> !isBlankLetter(character);
    };
  }

  /** Letters and symbols without ink: the Hangul fillers and the empty Braille pattern. */
  private static boolean isBlankLetter(int character) {
    return switch (character) {
      case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800 -> true;
      default -> false;
    };
  }
}
