package shop.gateway.problem;

import java.time.Duration;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import shop.common.problem.Problem;
import shop.gateway.inbound.Traces;

/** Renders every error as problem details with the trace's id, before Spring Boot would. */
@Component
@Order(-2)
final class ProblemHandler implements WebExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

  /** Clients that were refused together do not come back together. */
  private static final int RETRY_AFTER_AT_MOST = 3;

  private final RandomGenerator random;

  ProblemHandler(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
    if (exchange.getResponse().isCommitted()) {
      return Mono.error(failure);
    }
    @Nullable Problem known = Failures.problem(failure);
    var problem = known == null ? internal() : known;
    report(exchange, failure, problem);
    if (problem.getStatusCode().isSameCodeAs(HttpStatus.SERVICE_UNAVAILABLE)) {
      problem.retryAfter(Duration.ofSeconds(1 + random.nextInt(RETRY_AFTER_AT_MOST)));
    }
    return write(exchange, problem);
  }

  private static void report(ServerWebExchange exchange, Throwable failure, Problem problem) {
    if (!problem.getStatusCode().is5xxServerError()) {
      return;
    }
    try (var _ = Traces.of(exchange).open()) {
      if (problem.getStatusCode().isSameCodeAs(HttpStatus.INTERNAL_SERVER_ERROR)) {
        log.error("A request failed unexpectedly", failure);
      } else {
        log.warn(
            "Answered {} {} with {}: {}",
            exchange.getRequest().getMethod(),
            exchange.getRequest().getPath().value(),
            problem.getStatusCode().value(),
            failure.toString());
      }
    }
  }

  private static Mono<Void> write(ServerWebExchange exchange, Problem problem) {
    problem.with("traceId", Traces.of(exchange).traceId());
    byte[] body = problem.json();
    var response = exchange.getResponse();
    response.setStatusCode(problem.getStatusCode());
    response.getHeaders().clear();
    response.getHeaders().putAll(problem.getHeaders());
    response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    response.getHeaders().setContentLength(body.length);
    if (exchange.getRequest().getMethod().equals(HttpMethod.HEAD)) {
      return response.setComplete();
    }
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
  }

  private static Problem internal() {
    return Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "internal", "Internal error")
        .detail("An error on our side; nothing is known about the outcome. Safe to repeat");
  }

  /** The last part of a plain status' problem type. */
  static String slug(HttpStatus status) {
    return status.getReasonPhrase().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
  }
}
