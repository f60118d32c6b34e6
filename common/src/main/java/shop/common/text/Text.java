package shop.common.text;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.RECORD_COMPONENT;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * A string that people enter and read: a name, a reason, an address. It contains no control
 * characters, no line breaks (unless {@link #lines}), no bidirectional formatting that reorders
 * what follows it, and no surrogate without its other half. Null is valid.
 */
@Documented
@Constraint(validatedBy = TextValidator.class)
@Target({FIELD, METHOD, PARAMETER, RECORD_COMPONENT})
@Retention(RUNTIME)
public @interface Text {

  /**
   * The longest text, in Unicode code points, which is what {@code maxLength} of JSON Schema
   * counts.
   */
  int max();

  /** The shortest text, in code points. From 1 on it must have a visible character. */
  int min() default 1;

  /** Whether line breaks and tabs are allowed. */
  boolean lines() default false;

  String message() default "is not a valid text";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};
}
