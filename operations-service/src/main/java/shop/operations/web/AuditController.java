package shop.operations.web;

import com.fasterxml.jackson.annotation.JsonIgnore;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.operations.Action.Decision;
import shop.operations.Action.RetryRequested;
import shop.operations.Action.Sending;
import shop.operations.EntryHistory;
import shop.operations.desk.Audit.Line;
import shop.operations.desk.Desk;
import shop.operations.desk.DeskRecord;

/** Who decided what, when and why, and what came of it. */
@RestController
@RequestMapping("/admin/dlq/audit")
class AuditController {

  private final ReadyDesk shown;
  private final Clock clock;

  AuditController(ReadyDesk shown, Clock clock) {
    this.shown = shown;
    this.clock = clock;
  }

  /** All decisions, or those about an entry or by an admin, newest first. */
  @GetMapping
  Page list(
      @RequestParam(required = false) @Nullable String entry,
      @RequestParam(required = false) @Nullable UUID by,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit,
      @RequestParam(required = false) @Nullable String cursor) {
    Desk desk = shown.whole();
    List<Item> page =
        desk.audit()
            .after(cursor == null ? null : Cursor.line(cursor))
            .flatMap(line -> item(desk, line))
            .filter(item -> entry == null || entry.equals(item.entry()))
            .filter(item -> by == null || by.equals(item.by()))
            .limit(limit + 1L)
            .toList();
    return page.size() <= limit
        ? new Page(page, null)
        : new Page(page.subList(0, limit), Cursor.text(page.get(limit - 1).line()));
  }

  private Stream<Item> item(Desk desk, Line line) {
    return switch (line.told()) {
      case DeskRecord.OnEntry(var id, Decision decision, var _) ->
          Stream.of(Item.of(line, id, decision, desk.lifeOf(id)));
      case DeskRecord.JobStarted(var id, var plan) ->
          Stream.of(
              Item.of(line, "bulk-retry-started", plan.by(), id, plan.reason(), outcome(desk, id)));
      case DeskRecord.JobCancelled(var id, var by, var _) ->
          Stream.of(Item.of(line, "bulk-retry-cancelled", by, id, null, outcome(desk, id)));
      case DeskRecord.OnEntry _ -> Stream.empty();
      case null -> Stream.empty();
    };
  }

  private @Nullable String outcome(Desk desk, UUID job) {
    return desk.jobs().find(job).map(found -> found.status(clock.instant()).name()).orElse(null);
  }

  record Page(List<Item> items, @Nullable String nextCursor) {}

  /**
   * One decision.
   *
   * @param what retry-requested, edit-requested, discard-requested, discarded, bulk-retry-started
   *     or bulk-retry-cancelled
   * @param version of the entry that the admin saw
   * @param attempt which sending
   * @param outcome REFUSED (another was first), PENDING, RESOLVED, FAILED_AGAIN or DISCARDED; of a
   *     bulk retry its status
   */
  record Item(
      Instant at,
      UUID by,
      String what,
      @Nullable String entry,
      @Nullable UUID job,
      @Nullable Integer version,
      @Nullable Integer attempt,
      @Nullable String reason,
      @Nullable String outcome,
      @JsonIgnore Line line) {

    static Item of(Line line, String entry, Decision decision, EntryHistory life) {
      return new Item(
          line.at(),
          decision.by(),
          decision.what(),
          entry,
          decision instanceof RetryRequested retry ? retry.job() : null,
          decision.version(),
          decision instanceof Sending sending ? sending.attempt() : null,
          decision.reason(),
          life.stepAt(line.place().offset()).map(step -> life.resultOf(step).name()).orElse(null),
          line);
    }

    static Item of(
        Line line,
        String what,
        UUID by,
        UUID job,
        @Nullable String reason,
        @Nullable String outcome) {
      return new Item(line.at(), by, what, null, job, null, null, reason, outcome, line);
    }
  }
}
