package shop.operations.desk;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import shop.operations.Action.FailedAgain;
import shop.operations.Action.ReportedOutcome;
import shop.operations.Action.RetryRequested;
import shop.operations.BulkRetry;
import shop.operations.BulkRetry.Plan;
import shop.operations.BulkRetry.Progress;
import shop.operations.EntryHistory;
import shop.operations.HistoryStep;

/** All bulk retries, with counts from the actions that name them, in any order of arrival. */
public final class BulkRetryTally {

  private final Map<UUID, Plan> plans = new ConcurrentHashMap<>();
  private final Map<UUID, UUID> cancelled = new ConcurrentHashMap<>();
  private final Map<UUID, Progress> progress = new ConcurrentHashMap<>();

  public Optional<BulkRetry> find(UUID id) {
    return Optional.ofNullable(plans.get(id)).map(plan -> bulkRetry(id, plan));
  }

  /** All bulk retries, newest first. */
  public List<BulkRetry> all() {
    return plans.entrySet().stream()
        .map(plan -> bulkRetry(plan.getKey(), plan.getValue()))
        .sorted(Comparator.comparing((BulkRetry bulkRetry) -> bulkRetry.plan().at()).reversed())
        .toList();
  }

  public boolean isCancelled(UUID id) {
    return cancelled.containsKey(id);
  }

  private BulkRetry bulkRetry(UUID id, Plan plan) {
    return new BulkRetry(id, plan, cancelled.get(id), progress.getOrDefault(id, Progress.NONE));
  }

  void started(UUID id, Plan plan) {
    plans.putIfAbsent(id, plan);
  }

  void cancelled(UUID id, UUID by) {
    cancelled.putIfAbsent(id, by);
  }

  /** Counts the latest action of an entry. */
  void count(EntryHistory history) {
    HistoryStep step = history.steps().getLast();
    if (step.action() instanceof RetryRequested request && request.job() != null) {
      add(request.job(), delta(history, step, request), step.at());
    } else if (step.counted() && step.action() instanceof ReportedOutcome outcome) {
      bulkRetryOf(history, outcome.attempt())
          .ifPresent(id ->
              add(
                  id,
                  outcome instanceof FailedAgain
                      ? new Progress(0, 0, 0, 1, Instant.EPOCH)
                      : new Progress(0, 0, 1, 0, Instant.EPOCH),
                  Instant.EPOCH));
    }
  }

  /** A request that was appended twice, because its acknowledgement was lost, counts once. */
  private static Progress delta(EntryHistory history, HistoryStep step, RetryRequested request) {
    if (step.counted()) {
      return new Progress(1, 0, 0, 0, step.at());
    }
    boolean duplicate =
        history.steps().stream()
            .anyMatch(other ->
                other.offset() != step.offset()
                    && other.action() instanceof RetryRequested earlier
                    && request.job() != null
                    && request.job().equals(earlier.job()));
    return new Progress(0, duplicate ? 0 : 1, 0, 0, step.at());
  }

  private static Optional<UUID> bulkRetryOf(EntryHistory history, int attempt) {
    return history
        .redriveDecision(attempt)
        .flatMap(decision ->
            decision instanceof RetryRequested request
                ? Optional.ofNullable(request.job())
                : Optional.empty());
  }

  private void add(UUID id, Progress delta, Instant at) {
    progress.merge(
        id,
        delta,
        (before, _) ->
            new Progress(
                before.sent() + delta.sent(),
                before.refused() + delta.refused(),
                before.resolved() + delta.resolved(),
                before.failed() + delta.failed(),
                at.isAfter(before.last()) ? at : before.last()));
  }
}
