package shop.operations.desk;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import shop.operations.Action.FailedAgain;
import shop.operations.Action.Outcome;
import shop.operations.Action.RetryRequested;
import shop.operations.BulkRetry;
import shop.operations.BulkRetry.Plan;
import shop.operations.BulkRetry.Progress;
import shop.operations.EntryHistory;
import shop.operations.HistoryStep;

/** All bulk retries, counted from the actions that name them, in whatever order these come. */
public final class BulkRetryProgress {

  private final Map<UUID, Plan> plans = new ConcurrentHashMap<>();
  private final Map<UUID, UUID> cancelled = new ConcurrentHashMap<>();
  private final Map<UUID, Progress> progress = new ConcurrentHashMap<>();

  public Optional<BulkRetry> find(UUID id) {
    return Optional.ofNullable(plans.get(id)).map(plan -> job(id, plan));
  }

  /** All, newest first. */
  public List<BulkRetry> all() {
    return plans.entrySet().stream()
        .map(one -> job(one.getKey(), one.getValue()))
        .sorted(Comparator.comparing((BulkRetry job) -> job.plan().at()).reversed())
        .toList();
  }

  public boolean isCancelled(UUID id) {
    return cancelled.containsKey(id);
  }

  private BulkRetry job(UUID id, Plan plan) {
    return new BulkRetry(id, plan, cancelled.get(id), progress.getOrDefault(id, Progress.NONE));
  }

  void started(UUID id, Plan plan) {
    plans.putIfAbsent(id, plan);
  }

  void cancelled(UUID id, UUID by) {
    cancelled.putIfAbsent(id, by);
  }

  /** Takes the newest action of an entry into account. */
  void on(EntryHistory life) {
    HistoryStep step = life.history().getLast();
    if (step.action() instanceof RetryRequested request && request.job() != null) {
      count(request.job(), delta(life, step, request), step.at());
    } else if (step.counted() && step.action() instanceof Outcome outcome) {
      jobOf(life, outcome.attempt())
          .ifPresent(job ->
              count(
                  job,
                  outcome instanceof FailedAgain
                      ? new Progress(0, 0, 0, 1, Instant.EPOCH)
                      : new Progress(0, 0, 1, 0, Instant.EPOCH),
                  Instant.EPOCH));
    }
  }

  /** A request that was made again because its acknowledgement was lost counts once. */
  private static Progress delta(EntryHistory life, HistoryStep step, RetryRequested request) {
    if (step.counted()) {
      return new Progress(1, 0, 0, 0, step.at());
    }
    boolean again =
        life.history().stream()
            .anyMatch(other ->
                other.offset() != step.offset()
                    && other.action() instanceof RetryRequested earlier
                    && request.job() != null
                    && request.job().equals(earlier.job()));
    return new Progress(0, again ? 0 : 1, 0, 0, step.at());
  }

  private static Optional<UUID> jobOf(EntryHistory life, int attempt) {
    return life.sending(attempt)
        .flatMap(sending ->
            sending instanceof RetryRequested request
                ? Optional.ofNullable(request.job())
                : Optional.empty());
  }

  private void count(UUID job, Progress more, Instant at) {
    progress.merge(
        job,
        more,
        (before, _) ->
            new Progress(
                before.sent() + more.sent(),
                before.lost() + more.lost(),
                before.resolved() + more.resolved(),
                before.failed() + more.failed(),
                at.isAfter(before.last()) ? at : before.last()));
  }
}
