package shop.operations.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.operations.EntryHistory;
import shop.operations.desk.AuditLog.AuditRecord;
import shop.operations.desk.Desk;

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
    List<AuditRecord> records =
        desk.audit()
            .find(entry, by, cursor == null ? null : Cursor.decodeAuditPosition(cursor), limit + 1);
    List<AuditRecord> page = records.subList(0, Math.min(limit, records.size()));
    var histories =
        desk.histories(
            page.stream().map(AuditRecord::entry).filter(Objects::nonNull).distinct().toList());
    return new Page(
        page.stream().map(record -> item(desk, record, histories)).toList(),
        records.size() <= limit ? null : Cursor.encode(page.getLast().position()));
  }

  private Item item(Desk desk, AuditRecord record, Map<String, EntryHistory> histories) {
    @Nullable String entry = record.entry();
    if (entry != null) {
      return Item.of(record, outcome(record, Desk.history(histories, entry)));
    }
    @Nullable UUID bulkRetry = record.bulkRetry();
    return Item.of(record, bulkRetry == null ? null : status(desk, bulkRetry));
  }

  private static @Nullable String outcome(AuditRecord record, EntryHistory history) {
    return history
        .stepAt(record.position().record().offset())
        .map(step -> history.resultOf(step).name())
        .orElse(null);
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
   * @param what retry-requested, edit-requested, discard-requested, discarded, reopened,
   *     bulk-retry-started or bulk-retry-cancelled
   * @param version of the entry that the admin saw
   * @param attempt the number of the redrive, from 1
   * @param outcome REFUSED (another action was first), PENDING, REOPENED, RESOLVED, FAILED_AGAIN or
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
      @Nullable String outcome) {

    static Item of(AuditRecord record, @Nullable String outcome) {
      return new Item(
          record.position().at(),
          record.by(),
          record.label(),
          record.entry(),
          record.bulkRetry(),
          record.version(),
          record.attempt(),
          record.reason(),
          outcome);
    }
  }
}
