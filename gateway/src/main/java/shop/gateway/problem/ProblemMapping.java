package shop.gateway.problem;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.support.NotFoundException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.codec.DecodingException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.support.WebExchangeBindException;
import org.springframework.web.server.ServerWebInputException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;
import shop.common.problem.StatusProblems;
import tools.jackson.core.JacksonException;

/** Maps exceptions to the problems that callers see. */
final class ProblemMapping {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private ProblemMapping() {}

  /** The problem of an exception; null if it is an internal error. */
  static @Nullable Problem problemOf(Throwable failure) {
    return switch (failure) {
      case Problem problem -> problem;
      case WebExchangeBindException invalid -> RequestProblems.invalid(invalid.getBindingResult());
      case ServerWebInputException input -> RequestProblems.unreadableBody(jackson(input));
      case DecodingException body -> RequestProblems.unreadableBody(jackson(body));
      case NotFoundException _ -> noInstance();
      case ConnectException _ -> noInstance();
      case NoRouteToHostException _ -> noInstance();
      case UnknownHostException _ -> noInstance();
      case PoolAcquireTimeoutException _ -> busy();
      case PoolAcquirePendingLimitException _ -> busy();
      case DataAccessException _ ->
          Problem.unavailable(
              "The session store is unavailable. The request is safe to retry", RETRY_AFTER);
      case TimeoutException _ -> timedOut();
      case IOException _ -> connectionLost();
      case ErrorResponse response -> byStatus(response);
      default -> null;
    };
  }

  private static Problem noInstance() {
    return Problem.unavailable(
        "No instance of the service is reachable. The request was not sent and is safe to retry",
        RETRY_AFTER);
  }

  private static Problem busy() {
    return Problem.unavailable(
        "The service is overloaded. The request was not sent and is safe to retry", RETRY_AFTER);
  }

  private static Problem connectionLost() {
    return Problem.of(HttpStatus.BAD_GATEWAY, "bad-gateway", "Bad Gateway")
        .detail(
            "The connection to the service was lost before it responded; the outcome is unknown. A"
                + " request with an Idempotency-Key is safe to retry");
  }

  private static Problem timedOut() {
    return Problem.of(HttpStatus.GATEWAY_TIMEOUT, "gateway-timeout", "Gateway Timeout")
        .detail(
            "The service did not respond in time; the outcome is unknown. A request with an"
                + " Idempotency-Key is safe to retry");
  }

  private static @Nullable Problem byStatus(ErrorResponse response) {
    if (response.getStatusCode().isSameCodeAs(HttpStatus.GATEWAY_TIMEOUT)) {
      return timedOut();
    }
    if (response.getStatusCode().isSameCodeAs(HttpStatus.INTERNAL_SERVER_ERROR)) {
      return null;
    }
    var problem = StatusProblems.of(response.getStatusCode());
    problem.getHeaders().putAll(response.getHeaders());
    return problem;
  }

  private static @Nullable Throwable jackson(Throwable failure) {
    @Nullable Throwable cause = failure;
    while (cause != null && !(cause instanceof JacksonException)) {
      cause = cause.getCause();
    }
    return cause == null ? NestedExceptionUtils.getRootCause(failure) : cause;
  }
}
