package shop.payment.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.common.problem.Problem;
import shop.payment.LogUnavailable;
import shop.payment.Payments;
import shop.payment.ProviderFailure;
import shop.payment.books.JournalEntry;
import shop.payment.books.Ledger;
import shop.payment.books.Period;
import shop.payment.books.Reconciliation;

/** The books, for admins: the ledger, and its reconciliation with the PSP. */
@RestController
@RequestMapping(path = "/admin/payments", produces = MediaType.APPLICATION_JSON_VALUE)
class BooksController {

  private static final Logger log = LoggerFactory.getLogger(BooksController.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final Payments payments;
  private final Reconciliation reconciliation;
  private final BooksSettings settings;
  private final Clock clock;

  BooksController(
      Payments payments, Reconciliation reconciliation, BooksSettings settings, Clock clock) {
    this.payments = payments;
    this.reconciliation = reconciliation;
    this.settings = settings;
    this.clock = clock;
  }

  /** Balances in minor units by currency and account; those of a currency sum to zero. */
  record Balances(SortedMap<String, Map<JournalEntry.Account, Long>> balances) {}

  /** The entries of one order. */
  record Entries(List<JournalEntry> items) {}

  @GetMapping("/ledger")
  Balances balances() {
    return read(() -> new Balances(Ledger.balances(payments.all())));
  }

  @GetMapping("/{orderId}/ledger")
  Entries entries(@PathVariable UUID orderId) {
    return read(() -> payments.current(orderId))
        .map(payment -> new Entries(Ledger.entries(payment)))
        .orElseThrow(() -> Problem.notFound("The order has no payment"));
  }

  /**
   * Compares the log with the PSP.
   *
   * @param from inclusive; no lower limit if absent
   * @param to exclusive; if absent, payments younger than {@code shop.books.min-age} are left out
   */
  @GetMapping("/reconciliation")
  Reconciliation.Report reconciliation(
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to) {
    var end = to == null ? clock.instant().minus(settings.minAge()) : to;
    if (from != null && !from.isBefore(end)) {
      throw Problem.of(
              HttpStatus.UNPROCESSABLE_CONTENT, "invalid-request", "The request is invalid")
          .detail(
              "from must be before to, which is %d seconds ago by default"
                  .formatted(settings.minAge().toSeconds()));
    }
    return read(() -> reconciliation.compare(new Period(from, end)));
  }

  private static <T> T read(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ProviderFailure e) {
      log.warn("The payment provider's books could not be read", e);
      throw Problem.unavailable("The payment provider does not respond", RETRY_AFTER);
    } catch (LogUnavailable e) {
      log.warn("The log of payments could not be read to its end", e);
      throw Problem.unavailable("The log of payments cannot be read to its end", RETRY_AFTER);
    }
  }
}
