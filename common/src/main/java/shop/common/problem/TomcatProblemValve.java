package shop.common.problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import shop.common.trace.TraceContext;

/**
 * Renders Tomcat's own errors, such as those of malformed URLs, which reach neither Spring nor a
 * filter, as problem details instead of HTML. Tomcat instantiates it by its class name.
 */
public final class TomcatProblemValve extends ErrorReportValve {

  private static final Logger log = LoggerFactory.getLogger(TomcatProblemValve.class);

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    var ioAllowed = new AtomicBoolean(false);
    response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, ioAllowed);
    if (!ioAllowed.get()) {
      return;
    }
    var problem = StatusProblems.of(HttpStatusCode.valueOf(status));
    problem.with("traceId", TraceContext.below(request.getHeader(TraceContext.HEADER)).traceId());
    try {
      problem.getHeaders().forEach((name, values) -> response.setHeader(name, values.getFirst()));
      response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      response.setCharacterEncoding(StandardCharsets.UTF_8.name());
      var writer = response.getReporter();
      if (writer != null) {
        writer.write(new String(problem.json(), StandardCharsets.UTF_8));
        response.finishResponse();
      }
    } catch (IOException | IllegalStateException e) {
      log.debug("The client disconnected before its error was written", e);
    }
  }
}
