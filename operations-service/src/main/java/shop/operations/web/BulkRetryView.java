package shop.operations.web;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.operations.BulkRetry;

/**
 * A bulk retry with its progress.
 *
 * @param filter as it was requested
 * @param matched entries that waited for a decision and matched the filter
 * @param sent entries sent to their services so far
 * @param skipped entries not sent: their service accepts no redrives, or another action was first
 * @param resolved sent entries that their service processed
 * @param failed sent entries that failed again
 * @param cancelledBy the admin who cancelled it
 */
record BulkRetryView(
    UUID id,
    BulkRetry.Status status,
    UUID by,
    @Nullable String reason,
    Map<String, String> filter,
    int ratePerSecond,
    Instant startedAt,
    int matched,
    int sent,
    int skipped,
    int resolved,
    int failed,
    @Nullable UUID cancelledBy) {

  static BulkRetryView of(BulkRetry bulkRetry, Instant now) {
    var plan = bulkRetry.plan();
    var progress = bulkRetry.progress();
    return new BulkRetryView(
        bulkRetry.id(),
        bulkRetry.status(now),
        plan.by(),
        plan.reason(),
        plan.filter(),
        plan.ratePerSecond(),
        plan.at(),
        plan.matched(),
        progress.sent(),
        bulkRetry.skipped(),
        progress.resolved(),
        progress.failed(),
        bulkRetry.cancelledBy());
  }
}
