package shop.payment.web;

import java.time.Clock;
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
import shop.payment.Payments;
import shop.payment.ProviderFailure;
import shop.payment.books.Difference;
import shop.payment.books.JournalEntry;
import shop.payment.books.Ledger;
import shop.payment.books.LoggedBooks;
import shop.payment.books.Period;
import shop.payment.books.Reconciliation;
import shop.payment.books.ReconciliationPass;
import shop.payment.books.ReconciliationRuns;

/** The books, for admins: the ledger, and its reconciliation with the PSP. */
@RestController
@RequestMapping(path = "/admin/payments", produces = MediaType.APPLICATION_JSON_VALUE)
class BooksController {

  private static final Logger log = LoggerFactory.getLogger(BooksController.class);

  private final Payments payments;
  private final LoggedBooks books;
  private final Reconciliation reconciliation;
  private final ReconciliationRuns runs;
  private final BooksSettings settings;
  private final Clock clock;

  BooksController(
      Payments payments,
      LoggedBooks books,
      Reconciliation reconciliation,
      ReconciliationRuns runs,
      BooksSettings settings,
      Clock clock) {
    this.payments = payments;
    this.books = books;
    this.reconciliation = reconciliation;
    this.runs = runs;
    this.settings = settings;
    this.clock = clock;
  }

  /** Balances in minor units by currency and account; those of a currency sum to zero. */
  record Balances(SortedMap<String, Map<JournalEntry.Account, Long>> balances) {}

  /** The entries of one order. */
  record Entries(List<JournalEntry> items) {}

  /**
   * A comparison.
   *
   * @param period the window that it covers
   * @param charges the number of the PSP's intents that were compared, including unpaid ones
   * @param refunds the number of the PSP's refunds that were compared
   * @param passes the passes that run by themselves: how far they have come, and what differs
   */
  record Comparison(
      Period period,
      long charges,
      long refunds,
      List<Difference> differences,
      List<ReconciliationPass> passes) {}

  @GetMapping("/ledger")
  Balances balances() {
    return read(() -> {
      books.readToEnd();
      return new Balances(books.balances());
    });
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
   * @param from inclusive; {@code shop.books.period} before {@code to} if absent
   * @param to exclusive; if absent, payments younger than {@code shop.books.min-age} are left out
   */
  @GetMapping("/reconciliation")
  Comparison reconciliation(
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
    var period = new Period(from == null ? end.minus(settings.period()) : from, end);
    var report = read(() -> reconciliation.compare(period));
    return new Comparison(
        report.period(), report.charges(), report.refunds(), report.differences(), runs.passes());
  }

  private static <T> T read(Supplier<T> reading) {
    try {
      return Reading.of(reading);
    } catch (ProviderFailure e) {
      log.warn("The payment provider's books could not be read", e);
      throw Problem.unavailable("The payment provider does not respond", Reading.RETRY_AFTER);
    }
  }
}
