package shop.common.problem;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.validation.Errors;
import org.springframework.validation.FieldError;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * The problems of bad requests: 400 for malformed ones, 422 with JSON pointers for invalid ones.
 */
public final class RequestProblems {

  private RequestProblems() {}

  /** The problem of a body that could not be deserialized, by Jackson's exception. */
  public static Problem unreadableBody(@Nullable Throwable cause) {
    return switch (cause) {
      case UnrecognizedPropertyException unknown ->
          invalid(unknown, "Unknown property '" + unknown.getPropertyName() + "'");
      case InvalidNullException missing -> invalid(missing, "A value is required");
      case MismatchedInputException mismatch when !mismatch.getPath().isEmpty() ->
          invalid(mismatch, "The value has the wrong type or is out of range");
      case DatabindException unmapped when !unmapped.getPath().isEmpty() ->
          invalid(unmapped, "The value is invalid");
      case InputCoercionException outOfRange when !outOfRange.getPath().isEmpty() ->
          invalid(outOfRange, "The number is out of range");
      case StreamReadException _ ->
          malformed("The body is not well-formed JSON, or exceeds the limits of nesting or length");
      case null, default -> malformed("The body is missing or is not JSON of the expected type");
    };
  }

  /** The problem of a body that violates constraints. */
  public static Problem invalid(Errors errors) {
    List<Violation> violations = new ArrayList<>();
    for (var error : errors.getAllErrors()) {
      String path = error instanceof FieldError field ? Pointers.ofProperty(field.getField()) : "";
      violations.add(new Violation(path, String.valueOf(error.getDefaultMessage())));
    }
    return Problem.invalid(violations);
  }

  /** The problem of a request that cannot be parsed. */
  public static Problem malformed(String detail) {
    return Problem.of(HttpStatus.BAD_REQUEST, "malformed-request", "The request is malformed")
        .detail(detail);
  }

  private static Problem invalid(JacksonException e, String detail) {
    return Problem.invalid(List.of(new Violation(Pointers.of(e.getPath()), detail)));
  }
}
