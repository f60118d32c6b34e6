package shop.common.problem;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import shop.common.trace.TraceContext;

/** Writes problem details in filters, where Spring's error rendering does not apply. */
public final class ProblemWriter {

  /** Writes 401. */
  public void unauthorized(HttpServletResponse response, String reason) throws IOException {
    write(
        response,
        Problem.of(HttpStatus.UNAUTHORIZED, "unauthorized", "Not authenticated")
            .detail("Send a valid access token: Authorization: Bearer …")
            .header(HttpHeaders.WWW_AUTHENTICATE, ("Bearer " + reason).strip()));
  }

  /** Writes 403. */
  public void forbidden(HttpServletResponse response) throws IOException {
    write(
        response,
        Problem.of(HttpStatus.FORBIDDEN, "forbidden", "Not allowed")
            .detail("This account does not have the role that the call requires"));
  }

  /** Writes a problem with the trace id. */
  public void write(HttpServletResponse response, Problem problem) throws IOException {
    problem.with("traceId", TraceContext.current().traceId());
    response.setStatus(problem.getStatusCode().value());
    problem.getHeaders().forEach((name, values) -> response.setHeader(name, values.getFirst()));
    byte[] body = problem.json();
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
