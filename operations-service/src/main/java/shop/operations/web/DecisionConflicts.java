package shop.operations.web;

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
