package shop.order.web;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import shop.common.problem.Problem;
import shop.order.store.RedisUnavailable;

/** Says that a store is away: nothing is lost, and the same request is safe a little later. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class OutageAdvice {

  private static final Logger log = LoggerFactory.getLogger(OutageAdvice.class);

  @ExceptionHandler
  ResponseEntity<ProblemDetail> redisAway(RedisUnavailable e) {
    log.warn("A request met no Redis: {}", e.getMessage());
    var problem =
        Problem.unavailable("A store is away; repeat the same request", Duration.ofSeconds(1));
    return ResponseEntity.status(problem.getStatusCode())
        .headers(problem.getHeaders())
        .body(problem.getBody());
  }
}
