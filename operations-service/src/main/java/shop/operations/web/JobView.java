package shop.operations.web;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.operations.BulkRetry;

/**
 * A bulk retry and how far it is.
 *
 * @param filter as it was asked for
 * @param matched entries that waited for a decision and fitted the filter
 * @param sent sent back so far
 * @param skipped not sent: they cannot be, or another decision was first
 * @param resolved of those sent, went through
 * @param failed of those sent, failed again
 * @param cancelledBy the admin who stopped it
 */
record JobView(
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

  static JobView of(BulkRetry job, Instant now) {
    var plan = job.plan();
    var progress = job.progress();
    return new JobView(
        job.id(),
        job.status(now),
        plan.by(),
        plan.reason(),
        plan.filter(),
        plan.ratePerSecond(),
        plan.at(),
        plan.matched(),
        progress.sent(),
        job.skipped(),
        progress.resolved(),
        progress.failed(),
        job.cancelledBy());
  }
}
