package shop.order.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import shop.common.problem.Problem;
import shop.common.problem.ProblemResponses;
import shop.order.archive.ArchiveUnavailable;
import shop.order.redis.RedisUnavailable;

/** Responds with 503 if Redis or PostgreSQL is unavailable. Repeating the request is safe. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class OutageAdvice {

  private static final Logger log = LoggerFactory.getLogger(OutageAdvice.class);

  @ExceptionHandler
  ResponseEntity<byte[]> redisUnavailable(RedisUnavailable e, HttpServletRequest request) {
    log.warn("Redis is unavailable; the request gets 503: {}", e.getMessage());
    var problem =
        Problem.unavailable(
            "The order store is temporarily unavailable. Repeat the same request",
            Duration.ofSeconds(1));
    return ProblemResponses.of(problem, request);
  }

  @ExceptionHandler
  ResponseEntity<byte[]> archiveUnavailable(ArchiveUnavailable e, HttpServletRequest request) {
    log.warn("Older data cannot be read; the request gets 503: {}", e.getMessage());
    var problem =
        Problem.unavailable(
            e.isTimeout()
                ? "The search took too long. Narrow it, for instance by a time range"
                : "Older data are temporarily unavailable. Repeat the same request",
            Duration.ofSeconds(2));
    return ProblemResponses.of(problem, request);
  }
}
