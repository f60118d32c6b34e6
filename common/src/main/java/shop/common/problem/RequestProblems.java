package shop.common.problem;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.Errors;
import org.springframework.validation.FieldError;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
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
      case StreamConstraintsException _ ->
          malformed("The body exceeds the limits of nesting, or of the length of names or numbers");
      case StreamReadException duplicate when isDuplicate(duplicate) ->
          malformed("An object of the body has two members of the same name (RFC 8259, 4)");
      case StreamReadException _ -> malformed("The body is not well-formed JSON");
      case null, default -> malformed("The body is missing or is not JSON of the expected type");
    };
  }

  private static boolean isDuplicate(StreamReadException e) {
    return e.getOriginalMessage().startsWith("Duplicate");
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

  /** The problem of a body that is larger than a service accepts. */
  public static Problem tooLarge(DataSize limit) {
    return Problem.of(HttpStatus.CONTENT_TOO_LARGE, "content-too-large", "Content Too Large")
        .detail("The body has more than " + limit.toKilobytes() + " KB");
  }

  /** The problem of a body that does not arrive in time. */
  public static Problem timeout() {
    return Problem.of(HttpStatus.REQUEST_TIMEOUT, "request-timeout", "Request Timeout")
        .detail("The request did not arrive in time. Nothing was done; it is safe to repeat it")
        .header(HttpHeaders.CONNECTION, "close");
  }

  /**
   * The problem of a body whose media type, character encoding or content coding is not supported.
   */
  public static Problem unsupportedMediaType(String detail) {
    return Problem.of(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "Unsupported Media Type")
        .detail(detail);
  }

  /** The problem of an unexpected error; the cause is only in the log. */
  static Problem internal() {
    return Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "internal", "Internal error")
        .detail(
            "An unexpected error occurred; the outcome is unknown. A request with an Idempotency-Key is safe to retry");
  }

  private static Problem invalid(JacksonException e, String detail) {
    return Problem.invalid(List.of(new Violation(Pointers.of(e.getPath()), detail)));
  }
}
