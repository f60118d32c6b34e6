package shop.common.database;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import shop.common.problem.Problem;
import shop.common.problem.ProblemResponses;
import shop.common.problem.StatusProblems;

/** Answers requests with 503 if PostgreSQL does not respond, or not in time. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class DatabaseProblems {

  private static final Logger log = LoggerFactory.getLogger(DatabaseProblems.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  ResponseEntity<byte[]> databaseFailure(RuntimeException failure, HttpServletRequest request) {
    return ProblemResponses.of(problem(failure), request);
  }

  static Problem problem(RuntimeException failure) {
    if (DatabaseFailures.isTimeout(failure)) {
      log.warn("A query took too long; the request gets 503: {}", failure.getMessage());
      return Problem.unavailable(
          "The database did not answer in time. Narrow the query, or repeat the request later",
          RETRY_AFTER);
    }
    if (DatabaseFailures.isUnavailable(failure)) {
      log.warn("PostgreSQL is unavailable; the request gets 503: {}", failure.getMessage());
      return Problem.unavailable(
          "The database is temporarily unavailable. Repeat the same request", RETRY_AFTER);
    }
    log.error("A request failed with an unexpected error of the database", failure);
    return StatusProblems.of(HttpStatus.INTERNAL_SERVER_ERROR);
  }
}
