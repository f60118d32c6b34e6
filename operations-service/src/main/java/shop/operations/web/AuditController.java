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
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.operations.Action.Decision;
import shop.operations.Action.RedriveDecision;
import shop.operations.Action.RetryRequested;
import shop.operations.EntryHistory;
import shop.operations.desk.AuditLog.AuditRecord;
import shop.operations.desk.Desk;
import shop.operations.desk.DeskRecord;

/** The audit log: who decided what, when and why, and with what result. */
@RestController
@RequestMapping(path = "/admin/dlq/audit", produces = MediaType.APPLICATION_JSON_VALUE)
class AuditController {

  private final ReadyDesk readyDesk;
  private final Clock clock;

  AuditController(ReadyDesk readyDesk, Clock clock) {
    this.readyDesk = readyDesk;
    this.clock = clock;
  }

  /** Lists all decisions, or those about an entry or by an admin, newest first. */
  @GetMapping
  Page list(
      @RequestParam(required = false) @Nullable String entry,
      @RequestParam(required = false) @Nullable UUID by,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit,
      @RequestParam(required = false) @Nullable String cursor) {
    Desk desk = readyDesk.requireReady();
    List<Item> page =
        desk.audit()
            .after(cursor == null ? null : Cursor.decodeAuditRecord(cursor))
            .flatMap(record -> item(desk, record))
            .filter(item -> entry == null || entry.equals(item.entry()))
            .filter(item -> by == null || by.equals(item.by()))
            .limit(limit + 1L)
            .toList();
    return page.size() <= limit
        ? new Page(page, null)
        : new Page(page.subList(0, limit), Cursor.encode(page.get(limit - 1).auditRecord()));
  }

  private Stream<Item> item(Desk desk, AuditRecord auditRecord) {
    return switch (auditRecord.decision()) {
      case DeskRecord.EntryAction(var id, Decision decision, var _) ->
          Stream.of(Item.of(auditRecord, id, decision, desk.historyOf(id)));
      case DeskRecord.BulkRetryStarted(var id, var plan) ->
          Stream.of(
              Item.of(
                  auditRecord,
                  "bulk-retry-started",
                  plan.by(),
                  id,
                  plan.reason(),
                  status(desk, id)));
      case DeskRecord.BulkRetryCancelled(var id, var by, var _) ->
          Stream.of(Item.of(auditRecord, "bulk-retry-cancelled", by, id, null, status(desk, id)));
      case DeskRecord.EntryAction _ -> Stream.empty();
      case null -> Stream.empty();
    };
  }

  private @Nullable String status(Desk desk, UUID bulkRetry) {
    return desk.bulkRetries()
        .find(bulkRetry)
        .map(found -> found.status(clock.instant()).name())
        .orElse(null);
  }

  record Page(List<Item> items, @Nullable String nextCursor) {}

  /**
   * One decision.
   *
   * @param what retry-requested, edit-requested, discard-requested, discarded, bulk-retry-started
   *     or bulk-retry-cancelled
   * @param version of the entry that the admin saw
   * @param attempt the number of the redrive, from 1
   * @param outcome REFUSED (another action was first), PENDING, RESOLVED, FAILED_AGAIN or
   *     DISCARDED; for a bulk retry, its status
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
      @JsonIgnore AuditRecord auditRecord) {

    static Item of(AuditRecord auditRecord, String entry, Decision decision, EntryHistory history) {
      return new Item(
          auditRecord.at(),
          decision.by(),
          decision.label(),
          entry,
          decision instanceof RetryRequested retry ? retry.job() : null,
          decision.version(),
          decision instanceof RedriveDecision redrive ? redrive.attempt() : null,
          decision.reason(),
          history
              .stepAt(auditRecord.position().offset())
              .map(step -> history.resultOf(step).name())
              .orElse(null),
          auditRecord);
    }

    static Item of(
        AuditRecord auditRecord,
        String what,
        UUID by,
        UUID job,
        @Nullable String reason,
        @Nullable String outcome) {
      return new Item(
          auditRecord.at(), by, what, null, job, null, null, reason, outcome, auditRecord);
    }
  }
}
