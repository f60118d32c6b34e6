package shop.sandbox.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.sandbox.ledger.Books;
import shop.sandbox.ledger.Transfer;
import shop.sandbox.ledger.Transfers;

/** The provider's books, for tests that trust these instead of a service's word. */
@RestController
@RequestMapping("/sandbox/ledger")
class LedgerController {

  private static final int MAX_LIMIT = 1000;

  private final Books books;
  private final CallPipeline calls;

  LedgerController(Books books, CallPipeline calls) {
    this.books = books;
    this.calls = calls;
  }

  record Page(List<Line> items, @Nullable String nextCursor) {}

  record Line(
      long seq,
      String at,
      String kind,
      String payment_intent,
      @Nullable String order_id,
      long amount,
      String currency,
      String from,
      String to) {
    static Line of(Transfer e) {
      return new Line(
          e.seq(),
          e.at().toString(),
          Transfers.lower(e.kind()),
          e.paymentIntent(),
          e.orderId(),
          e.amount(),
          e.currency(),
          Transfers.lower(e.from()),
          Transfers.lower(e.to()));
    }
  }

  @GetMapping
  Page page(
      @RequestParam(name = "order_id", required = false) @Nullable String orderId,
      @RequestParam(name = "payment_intent", required = false) @Nullable String intent,
      @RequestParam(defaultValue = "0") long cursor,
      @RequestParam(defaultValue = "100") int limit) {
    if (limit < 1 || limit > MAX_LIMIT || cursor < 0) {
      throw new IllegalArgumentException(
          "limit must be 1 to %d and cursor a seq of an entry.".formatted(MAX_LIMIT));
    }
    calls.settleDue();
    var found = books.entries().page(orderId, intent, cursor, limit + 1);
    var page = found.subList(0, Math.min(limit, found.size()));
    return new Page(
        page.stream().map(Line::of).toList(),
        found.size() > limit ? String.valueOf(page.getLast().seq()) : null);
  }

  @GetMapping("/summary")
  Transfers.Summary summary() {
    calls.settleDue();
    return books.entries().summary();
  }
}
