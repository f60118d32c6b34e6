package shop.operations.web;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.http.HttpStatus;
import shop.common.problem.Problem;
import shop.operations.Action.Decision;
import shop.operations.EntryHistory;

/** Problems for decisions that came too late; they name the decision that was first. */
final class DecisionConflicts {

  private DecisionConflicts() {}

  /** If-Match names a version that the entry no longer has. */
  static Problem changed(EntryHistory history) {
    return withLastDecision(
        Problem.of(HttpStatus.PRECONDITION_FAILED, "changed", "The entry has changed"), history);
  }

  /** The entry does not wait for a decision. */
  static Problem notFailed(EntryHistory history) {
    return withLastDecision(
        Problem.of(HttpStatus.CONFLICT, "not-failed", "The entry does not wait for a decision"),
        history);
  }

  /** The entry does not wait for an outcome, so it cannot be reopened. */
  static Problem notPending(EntryHistory history) {
    return withLastDecision(
        Problem.of(HttpStatus.CONFLICT, "not-pending", "The entry does not wait for an outcome"),
        history);
  }

  /**
   * The service still has time to report the outcome.
   *
   * @param reopenable from when on the entry may be reopened
   */
  static Problem stillPending(EntryHistory history, Instant reopenable, Instant now) {
    var problem =
        withLastDecision(
            Problem.of(HttpStatus.CONFLICT, "still-pending", "The outcome may still be reported"),
            history);
    return problem
        .detail(
            problem.getBody().getDetail()
                + ". Its service may still report the outcome; the entry can be reopened from "
                + reopenable.truncatedTo(ChronoUnit.SECONDS)
                + " on")
        .retryAfter(Duration.between(now, reopenable).plusSeconds(1));
  }

  private static Problem withLastDecision(Problem problem, EntryHistory history) {
    String current = "The entry is " + history.state() + " at version " + history.version();
    problem.detail(current).with("state", history.state()).with("version", history.version());
    history
        .lastDecision()
        .ifPresent(step -> {
          var decision = (Decision) step.action();
          problem
              .detail(
                  "%s. The latest decision is %s by admin %s at %s"
                      .formatted(current, decision.label(), decision.by(), step.at()))
              .with("what", decision.label())
              .with("by", decision.by())
              .with("at", step.at());
        });
    return problem;
  }
}
