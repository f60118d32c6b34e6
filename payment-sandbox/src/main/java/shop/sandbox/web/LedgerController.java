package shop.sandbox.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import shop.sandbox.Fact;
import shop.sandbox.ledger.Ledger;
import shop.sandbox.ledger.LedgerState;
import shop.sandbox.ledger.Transfer;
import shop.sandbox.ledger.Transfers;

/** The provider's ledger, for tests that must not rely on what a service reports. */
@RestController
@RequestMapping("/sandbox/ledger")
class LedgerController {

  private static final int MAX_LIMIT = 1000;

  private final LedgerState state;
  private final Ledger ledger;
  private final CallPipeline pipeline;

  LedgerController(LedgerState state, Ledger ledger, CallPipeline pipeline) {
    this.state = state;
    this.ledger = ledger;
    this.pipeline = pipeline;
  }

  record Page(List<TransferView> items, @Nullable String nextCursor) {}

  record TransferView(
      long seq,
      String at,
      String kind,
      String payment_intent,
      @Nullable String order_id,
      long amount,
      String currency,
      String from,
      String to) {
    static TransferView of(Transfer e) {
      return new TransferView(
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
          "limit must be 1 to %d and cursor the seq of a transfer.".formatted(MAX_LIMIT));
    }
    pipeline.settleDueDebits();
    var found = state.transfers().page(orderId, intent, cursor, limit + 1);
    var page = found.subList(0, Math.min(limit, found.size()));
    return new Page(
        page.stream().map(TransferView::of).toList(),
        found.size() > limit ? String.valueOf(page.getLast().seq()) : null);
  }

  /**
   * Appends facts with their own times, all or none: the history of a provider that measurements
   * need. They are not checked; those of one intent must be complete and in order.
   */
  @PostMapping("/facts")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void append(@RequestBody List<Fact> facts) {
    ledger.append(facts);
  }

  @GetMapping("/summary")
  Transfers.Summary summary() {
    pipeline.settleDueDebits();
    return state.transfers().summary();
  }
}
