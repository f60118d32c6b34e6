package shop.payment.web;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.problem.Problem;
import shop.payment.HistoryUnavailable;
import shop.payment.LogUnavailable;

/** Responses while a part of the log of payments cannot be read. */
final class Reading {

  static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(Reading.class);

  private Reading() {}

  /** The result of reading; 503 if the log or the database does not respond. */
  static <T> T of(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (HistoryUnavailable e) {
      log.warn("The database of payments could not be read: {}", e.getMessage());
      throw Problem.unavailable(
          "The database of payments is away or behind. Repeat the same request", RETRY_AFTER);
    } catch (LogUnavailable e) {
      log.warn("The log of payments could not be read to its end", e);
      throw Problem.unavailable("The log of payments cannot be read to its end", RETRY_AFTER);
    }
  }
}
