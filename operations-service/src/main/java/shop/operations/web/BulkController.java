package shop.operations.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
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
import shop.operations.BulkRetry;
import shop.operations.OperationsSettings;
import shop.operations.redrive.BulkRetries;
import shop.operations.redrive.BulkRetries.Found;
import shop.operations.redrive.BulkRetries.TooMany;
import shop.operations.redrive.Decisions.Author;

/** Sends many entries back. */
@RestController
@RequestMapping("/admin/dlq/retries")
class BulkController {

  private static final int USUAL_RATE = 50;

  private final ReadyDesk shown;
  private final BulkRetries retries;
  private final OperationsSettings settings;
  private final Clock clock;

  BulkController(ReadyDesk shown, BulkRetries retries, OperationsSettings settings, Clock clock) {
    this.shown = shown;
    this.retries = retries;
    this.settings = settings;
    this.clock = clock;
  }

  /** Starts a job, or says what it would find. */
  @PostMapping
  ResponseEntity<?> start(@RequestBody @Valid Bulk bulk, @AuthenticationPrincipal Caller caller)
      throws InterruptedException {
    if (bulk.rate() > settings.maxRatePerSecond()) {
      throw Problem.invalid(
          List.of(
              new Violation("/ratePerSecond", "must be at most " + settings.maxRatePerSecond())));
    }
    shown.whole();
    var query = bulk.filter().query(Set.of());
    Found found = ReadyDesk.read(() -> retries.find(query));
    if (bulk.isDryRun()) {
      return ResponseEntity.ok(
          new Prospect(
              found.matched(),
              found.skipped(),
              Math.ceilDiv(found.sendable().size(), bulk.rate())));
    }
    try {
      BulkRetry job =
          retries
              .start(
                  found, bulk.filter().asked(), bulk.rate(), new Author(caller.id(), bulk.reason()))
              .orElseThrow(() ->
                  Problem.unavailable(
                      "Kafka does not answer; nothing is sent, the same request is safe",
                      ReadyDesk.SOON));
      return ResponseEntity.accepted()
          .location(URI.create("/admin/dlq/retries/" + job.id()))
          .body(JobView.of(job, clock.instant()));
    } catch (TooMany e) {
      throw Problem.of(HttpStatus.CONFLICT, "too-many-jobs", "Too many bulk retries")
          .detail(e.getMessage());
    }
  }

  /** All jobs, newest first. */
  @GetMapping
  Jobs list() {
    return new Jobs(
        shown.whole().jobs().all().stream().map(job -> JobView.of(job, clock.instant())).toList());
  }

  /** How far a job is; every instance can say. */
  @GetMapping("/{job}")
  JobView show(@PathVariable UUID job) throws InterruptedException {
    return JobView.of(find(job), clock.instant());
  }

  /** Stops a job. What was not sent stays as it was. */
  @DeleteMapping("/{job}")
  ResponseEntity<JobView> cancel(@PathVariable UUID job, @AuthenticationPrincipal Caller caller)
      throws InterruptedException {
    if (find(job).status(clock.instant()) == BulkRetry.Status.DONE) {
      throw Problem.of(HttpStatus.CONFLICT, "done", "The bulk retry has ended")
          .detail("Everything was sent; look at the entries");
    }
    if (!retries.cancel(job, caller.id())) {
      throw Problem.unavailable("Kafka does not answer; the same request is safe", ReadyDesk.SOON);
    }
    return ResponseEntity.accepted().body(show(job));
  }

  private BulkRetry find(UUID id) throws InterruptedException {
    return shown.find("bulk retry " + id, desk -> desk.jobs().find(id));
  }

  /**
   * What is to be sent back.
   *
   * @param filter among the entries that wait for a decision; all of them if empty
   * @param dryRun only count
   * @param ratePerSecond entries per second; {@value #USUAL_RATE} if absent
   */
  record Bulk(
      @NotNull @Valid Filter filter,
      @Nullable Boolean dryRun,
      @Min(1) @Nullable Integer ratePerSecond,
      @Size(min = 1, max = 500) @Nullable String reason) {

    boolean isDryRun() {
      return dryRun != null && dryRun;
    }

    int rate() {
      return ratePerSecond == null ? USUAL_RATE : ratePerSecond;
    }
  }

  /**
   * What a job would do.
   *
   * @param matched entries that fit
   * @param skipped of these, those whose service takes nothing back
   * @param seconds how long it would take
   */
  record Prospect(int matched, int skipped, int seconds) {}

  record Jobs(List<JobView> items) {}
}
