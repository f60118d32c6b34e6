package shop.operations.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.common.problem.Problem;
import shop.common.problem.Violation;
import shop.common.security.Caller;
import shop.common.text.Text;
import shop.operations.BulkRetry;
import shop.operations.OperationsSettings;
import shop.operations.redrive.BulkRetries;
import shop.operations.redrive.BulkRetries.Selection;
import shop.operations.redrive.BulkRetries.TooManyBulkRetries;
import shop.operations.redrive.Decisions.Author;

/** Bulk retries. */
@RestController
@RequestMapping(path = "/admin/dlq/retries", produces = MediaType.APPLICATION_JSON_VALUE)
class BulkController {

  private static final int DEFAULT_RATE = 50;

  private final ReadyDesk readyDesk;
  private final BulkRetries retries;
  private final OperationsSettings settings;
  private final Clock clock;

  BulkController(
      ReadyDesk readyDesk, BulkRetries retries, OperationsSettings settings, Clock clock) {
    this.readyDesk = readyDesk;
    this.retries = retries;
    this.settings = settings;
    this.clock = clock;
  }

  /** Starts a bulk retry; a dry run only counts the entries. */
  @PostMapping
  ResponseEntity<?> start(
      @RequestBody @Valid BulkRetryRequest request, @AuthenticationPrincipal Caller caller)
      throws InterruptedException {
    if (request.rate() > settings.maxRatePerSecond()) {
      throw Problem.invalid(
          List.of(
              new Violation("/ratePerSecond", "must be at most " + settings.maxRatePerSecond())));
    }
    readyDesk.requireReady();
    var query = request.filter().query(Set.of());
    Selection selection = retries.select(query).orElseThrow(this::tooManyEntries);
    if (request.isDryRun()) {
      return ResponseEntity.ok(
          new Estimate(
              selection.matched(),
              selection.skipped(),
              Math.ceilDiv(selection.retryable().size(), request.rate())));
    }
    try {
      BulkRetry bulkRetry =
          retries
              .start(
                  selection,
                  request.filter().asMap(),
                  request.rate(),
                  new Author(caller.id(), request.reason()))
              .orElseThrow(() ->
                  Problem.unavailable(
                      "Kafka did not confirm the bulk retry, so nothing was sent."
                          + " It is safe to repeat the request",
                      ReadyDesk.RETRY_AFTER));
      return ResponseEntity.accepted()
          .location(URI.create("/admin/dlq/retries/" + bulkRetry.id()))
          .body(BulkRetryView.of(bulkRetry, clock.instant()));
    } catch (TooManyBulkRetries e) {
      throw Problem.of(HttpStatus.CONFLICT, "too-many-jobs", "Too many bulk retries")
          .detail(e.getMessage());
    }
  }

  private Problem tooManyEntries() {
    return Problem.invalid(
        List.of(
            new Violation(
                "/filter",
                "must match at most "
                    + settings.maxBulkEntries()
                    + " entries; narrow it, for example by a time range")));
  }

  /** Lists the newest 200 bulk retries, newest first. */
  @GetMapping
  BulkRetryList list() {
    return new BulkRetryList(
        readyDesk.requireReady().bulkRetries().newest().stream()
            .map(bulkRetry -> BulkRetryView.of(bulkRetry, clock.instant()))
            .toList());
  }

  /** Shows a bulk retry; every instance knows all of them. */
  @GetMapping("/{job}")
  BulkRetryView show(@PathVariable UUID job) throws InterruptedException {
    return BulkRetryView.of(find(job), clock.instant());
  }

  /** Cancels a bulk retry. Entries that were not sent are unchanged. */
  @DeleteMapping("/{job}")
  ResponseEntity<BulkRetryView> cancel(
      @PathVariable UUID job, @AuthenticationPrincipal Caller caller) throws InterruptedException {
    if (find(job).status(clock.instant()) == BulkRetry.Status.DONE) {
      throw Problem.of(HttpStatus.CONFLICT, "done", "The bulk retry has ended")
          .detail(
              "All entries were sent, so there is nothing to cancel. Read the entries for the results");
    }
    if (!retries.cancel(job, caller.id())) {
      throw Problem.unavailable(
          "Kafka did not confirm the cancellation. It is safe to repeat the request",
          ReadyDesk.RETRY_AFTER);
    }
    return ResponseEntity.accepted().body(show(job));
  }

  private BulkRetry find(UUID id) throws InterruptedException {
    return readyDesk.find("bulk retry " + id, desk -> desk.bulkRetries().find(id));
  }

  /**
   * A request for a bulk retry.
   *
   * @param filter of the entries that wait for a decision; an empty one matches all of them
   * @param dryRun true to only count the entries
   * @param ratePerSecond entries per second; {@value #DEFAULT_RATE} if absent
   */
  record BulkRetryRequest(
      @NotNull @Valid EntryFilter filter,
      @Nullable Boolean dryRun,
      @Min(1) @Nullable Integer ratePerSecond,
      @Text(max = 500) @Nullable String reason) {

    boolean isDryRun() {
      return dryRun != null && dryRun;
    }

    int rate() {
      return ratePerSecond == null ? DEFAULT_RATE : ratePerSecond;
    }
  }

  /**
   * The result of a dry run.
   *
   * @param matched entries that match the filter
   * @param skipped those of them whose service accepts no redrives
   * @param seconds the estimated duration
   */
  record Estimate(int matched, int skipped, int seconds) {}

  record BulkRetryList(List<BulkRetryView> items) {}
}
