package shop.gateway.problem;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import shop.common.problem.Problem;
import shop.gateway.inbound.ExchangeTrace;

/**
 * Renders every error as problem details with the trace id, ahead of Spring Boot's error handler.
 */
@Component
@Order(-2)
final class ProblemHandler implements WebExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

  /** Seconds. What is added below this spreads the retries of clients that failed together. */
  private static final int RETRY_SPREAD = 3;

  private final RandomGenerator random;

  ProblemHandler(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
    if (exchange.getResponse().isCommitted()) {
      return Mono.error(failure);
    }
    @Nullable Problem mapped = ProblemMapping.problemOf(failure);
    var problem = mapped == null ? internalError() : mapped;
    logServerError(exchange, failure, problem);
    if (problem.getStatusCode().isSameCodeAs(HttpStatus.SERVICE_UNAVAILABLE)) {
      problem.retryAfter(retryAfter(problem).plusSeconds(random.nextInt(RETRY_SPREAD)));
    }
    return write(exchange, problem);
  }

  private static Duration retryAfter(Problem problem) {
    var seconds = problem.getHeaders().getFirst(HttpHeaders.RETRY_AFTER);
    return Duration.ofSeconds(seconds == null ? 1 : Long.parseLong(seconds));
  }

  /** Of these there are many, and the limit that sheds them logs that it does. */
  private static boolean isShed(Problem problem) {
    return "/problems/overloaded".equals(String.valueOf(problem.getBody().getType()));
  }

  private static void logServerError(
      ServerWebExchange exchange, Throwable failure, Problem problem) {
    if (!problem.getStatusCode().is5xxServerError() || isShed(problem)) {
      return;
    }
    try (var _ = ExchangeTrace.of(exchange).open()) {
      if (problem.getStatusCode().isSameCodeAs(HttpStatus.INTERNAL_SERVER_ERROR)) {
        log.error(
            "{} {} failed with an unexpected error",
            exchange.getRequest().getMethod(),
            exchange.getRequest().getPath().value(),
            failure);
      } else {
        log.warn(
            "{} {} failed with status {}: {}",
            exchange.getRequest().getMethod(),
            exchange.getRequest().getPath().value(),
            problem.getStatusCode().value(),
            failure.toString());
      }
    }
  }

  private static Mono<Void> write(ServerWebExchange exchange, Problem problem) {
    problem.with("traceId", ExchangeTrace.of(exchange).traceId());
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

  private static Problem internalError() {
    return Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "internal", "Internal error")
        .detail(
            "An unexpected error occurred; the outcome is unknown. A request with an"
                + " Idempotency-Key is safe to retry");
  }
}
