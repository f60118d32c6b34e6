package shop.operations.desk;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import shop.operations.Action.FailedAgain;
import shop.operations.Action.ReportedOutcome;
import shop.operations.Action.RetryRequested;
import shop.operations.BulkRetry.Progress;
import shop.operations.EntryHistory;
import shop.operations.HistoryStep;

/** Progress of bulk retries, counted from the actions that name them. */
final class BulkRetryChanges {

  private final Map<UUID, Progress> changes = new TreeMap<>();

  /** The changes by bulk retry, in the order of their ids. */
  Map<UUID, Progress> byId() {
    return changes;
  }

  /** Counts the latest action of an entry. */
  void count(EntryHistory history) {
    HistoryStep step = history.steps().getLast();
    if (step.action() instanceof RetryRequested request && request.job() != null) {
      add(request.job(), change(history, step, request));
    } else if (step.counted() && step.action() instanceof ReportedOutcome outcome) {
      bulkRetryOf(history, outcome.attempt())
          .ifPresent(id ->
              add(
                  id,
                  outcome instanceof FailedAgain
                      ? new Progress(0, 0, 0, 1, Instant.EPOCH)
                      : new Progress(0, 0, 1, 0, Instant.EPOCH)));
    }
  }

  /** A request that was appended twice, because its acknowledgement was lost, counts once. */
  private static Progress change(EntryHistory history, HistoryStep step, RetryRequested request) {
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

  private void add(UUID id, Progress change) {
    changes.merge(
        id,
        change,
        (before, _) ->
            new Progress(
                before.sent() + change.sent(),
                before.refused() + change.refused(),
                before.resolved() + change.resolved(),
                before.failed() + change.failed(),
                change.last().isAfter(before.last()) ? change.last() : before.last()));
  }
}
