package shop.common.problem;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import org.springframework.web.ErrorResponseException;
import shop.common.json.Json;
import tools.jackson.databind.json.JsonMapper;

/**
 * An error that is reported to the caller as problem details (RFC 9457). Any code that a controller
 * calls may throw it; Spring renders it.
 */
public final class Problem extends ErrorResponseException {

  private static final JsonMapper MAPPER =
      Json.MAPPER.rebuild().addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class).build();

  private Problem(HttpStatus status, ProblemDetail body) {
    super(status, body, null);
  }

  /**
   * A problem of a type that problems.json documents.
   *
   * @param type the last part of the type's URL, such as {@code out-of-stock}
   * @param title short summary of the type, the same for every occurrence
   */
  public static Problem of(HttpStatus status, String type, String title) {
    var body = ProblemDetail.forStatus(status);
    body.setType(typeUrl(type));
    body.setTitle(title);
    return new Problem(status, body);
  }

  static URI typeUrl(String type) {
    return URI.create("/problems/" + type);
  }

  /** The resource does not exist or is not the caller's; the problem does not reveal which. */
  public static Problem notFound(String detail) {
    return of(HttpStatus.NOT_FOUND, "not-found", "Not found").detail(detail);
  }

  /** The request is well-formed but violates constraints. */
  public static Problem invalid(List<Violation> violations) {
    return of(HttpStatus.UNPROCESSABLE_CONTENT, "invalid-request", "The request is invalid")
        .detail(
            violations.size() == 1
                ? violations.getFirst().detail()
                : violations.size() + " values are invalid")
        .with("errors", violations);
  }

  /** A dependency of this service is unavailable; the same request is safe to retry. */
  public static Problem unavailable(String detail, Duration retryAfter) {
    return of(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", "Temporarily unavailable")
        .detail(detail)
        .retryAfter(retryAfter);
  }

  /** Sets the description of this occurrence, one sentence. */
  public Problem detail(@Nullable String detail) {
    getBody().setDetail(detail);
    return this;
  }

  /** Adds an extension member. */
  public Problem with(String name, Object value) {
    getBody().setProperty(name, value);
    return this;
  }

  /** Sets the Retry-After header, in whole seconds, at least 1. */
  public Problem retryAfter(Duration time) {
    return header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, time.toSeconds())));
  }

  /** The body as JSON with extension members at top level; for code without a message converter. */
  public byte[] json() {
    return json(getBody());
  }

  static byte[] json(ProblemDetail body) {
    return MAPPER.writeValueAsBytes(body);
  }

  /** Sets a response header. */
  public Problem header(String name, String value) {
    getHeaders().set(name, value);
    return this;
  }
}
