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
 * An error that a caller sees, as RFC 9457 problem details. Thrown from anywhere below a
 * controller; Spring renders it.
 */
public final class Problem extends ErrorResponseException {

  private static final JsonMapper MAPPER =
      Json.MAPPER.rebuild().addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class).build();

  private Problem(HttpStatus status, ProblemDetail body) {
    super(status, body, null);
  }

  /**
   * A problem of a documented type.
   *
   * @param type the last part of the type's URL, such as {@code out-of-stock}
   * @param title the type in a few words, the same for every occurrence
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

  /** Not there, or not the caller's: both look the same. */
  public static Problem notFound(String what) {
    return of(HttpStatus.NOT_FOUND, "not-found", "Not found").detail(what);
  }

  /** Well-formed input that is not acceptable. */
  public static Problem invalid(List<Violation> faults) {
    return of(HttpStatus.UNPROCESSABLE_CONTENT, "invalid-request", "The request is not acceptable")
        .detail(faults.size() == 1 ? faults.getFirst().detail() : faults.size() + " faults")
        .with("errors", faults);
  }

  /** Something that this service needs does not answer; the same request is safe to repeat. */
  public static Problem unavailable(String detail, Duration retryAfter) {
    return of(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", "Temporarily unavailable")
        .detail(detail)
        .retryAfter(retryAfter);
  }

  /** This occurrence in one sentence. */
  public Problem detail(@Nullable String detail) {
    getBody().setDetail(detail);
    return this;
  }

  /** An extension member. */
  public Problem with(String name, Object value) {
    getBody().setProperty(name, value);
    return this;
  }

  /** Tells when to come again, in whole seconds, at least one. */
  public Problem retryAfter(Duration time) {
    return header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, time.toSeconds())));
  }

  /** The body, for where no message converter is at hand; extension members lie beside the rest. */
  public byte[] json() {
    return MAPPER.writeValueAsBytes(getBody());
  }

  public Problem header(String name, String value) {
    getHeaders().set(name, value);
    return this;
  }
}
