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

/** What is wrong with a request's body: malformed is 400, not acceptable is 422 with pointers. */
public final class RequestProblems {

  private RequestProblems() {}

  /** For a body that could not be read, by what Jackson said. */
  public static Problem unreadableBody(@Nullable Throwable cause) {
    return switch (cause) {
      case UnrecognizedPropertyException unknown ->
          invalid(unknown, "There is no property '" + unknown.getPropertyName() + "' here");
      case InvalidNullException nothing -> invalid(nothing, "A value is required");
      case MismatchedInputException mismatch when !mismatch.getPath().isEmpty() ->
          invalid(mismatch, "The value is not of the expected type or range");
      case DatabindException unmapped when !unmapped.getPath().isEmpty() ->
          invalid(unmapped, "The value is not acceptable");
      case InputCoercionException outOfRange when !outOfRange.getPath().isEmpty() ->
          invalid(outOfRange, "The number is out of range");
      case StreamReadException _ ->
          malformed("The body is no well-formed JSON, or nested or long beyond limits");
      case null, default -> malformed("The body is missing or no JSON of the expected kind");
    };
  }

  /** For a body that was read and is not acceptable. */
  public static Problem invalid(Errors errors) {
    List<Violation> faults = new ArrayList<>();
    for (var error : errors.getAllErrors()) {
      String path = error instanceof FieldError field ? Pointers.ofProperty(field.getField()) : "";
      faults.add(new Violation(path, String.valueOf(error.getDefaultMessage())));
    }
    return Problem.invalid(faults);
  }

  /** For a request that cannot be understood. */
  public static Problem malformed(String detail) {
    return Problem.of(HttpStatus.BAD_REQUEST, "malformed-request", "The request is malformed")
        .detail(detail);
  }

  private static Problem invalid(JacksonException e, String detail) {
    return Problem.invalid(List.of(new Violation(Pointers.of(e.getPath()), detail)));
  }
}
