package shop.common.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import shop.common.trace.TraceContext;

/**
 * Responses with problem details. The body is serialized here, with its media type, so that no
 * {@code Accept} header can turn an error into another one.
 */
public final class ProblemResponses {

  private static final URI NO_TYPE = URI.create("about:blank");

  private ProblemResponses() {}

  /** The response of a problem. */
  public static ResponseEntity<byte[]> of(Problem problem, HttpServletRequest request) {
    return of(problem.getBody(), problem.getHeaders(), request);
  }

  /** The response of problem details; those of the framework get the type of their status. */
  static ResponseEntity<byte[]> of(
      ProblemDetail detail, HttpHeaders headers, HttpServletRequest request) {
    var all = new HttpHeaders(headers);
    @Nullable URI type = detail.getType();
    if (type == null || type.equals(NO_TYPE)) {
      var typed = StatusProblems.of(HttpStatusCode.valueOf(detail.getStatus()));
      detail.setType(typed.getBody().getType());
      detail.setTitle(typed.getBody().getTitle());
      if (detail.getDetail() == null) {
        detail.setDetail(typed.getBody().getDetail());
      }
    }
    if (detail.getInstance() == null) {
      detail.setInstance(URI.create(request.getRequestURI()));
    }
    detail.setProperty("traceId", TraceContext.current().traceId());
    all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    return ResponseEntity.status(detail.getStatus()).headers(all).body(Problem.json(detail));
  }
}
