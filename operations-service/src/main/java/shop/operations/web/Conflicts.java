package shop.operations.web;

import org.springframework.http.HttpStatus;
import shop.common.problem.Problem;
import shop.operations.Action.Decision;
import shop.operations.EntryHistory;

/** Refusals of who came too late, which say who was first. */
final class Conflicts {

  private Conflicts() {}

  /** The caller named a version that the entry no longer has. */
  static Problem changed(EntryHistory life) {
    return withFirst(
        Problem.of(HttpStatus.PRECONDITION_FAILED, "changed", "The entry has changed"), life);
  }

  /** The entry does not wait for a decision. */
  static Problem notFailed(EntryHistory life) {
    return withFirst(
        Problem.of(HttpStatus.CONFLICT, "not-failed", "The entry does not wait for a decision"),
        life);
  }

  private static Problem withFirst(Problem problem, EntryHistory life) {
    String now = "It is " + life.state() + " at version " + life.version();
    problem.detail(now).with("state", life.state()).with("version", life.version());
    life.lastDecision()
        .ifPresent(step -> {
          var decision = (Decision) step.action();
          problem
              .detail(
                  "%s: admin %s was first (%s at %s)"
                      .formatted(now, decision.by(), decision.what(), step.at()))
              .with("what", decision.what())
              .with("by", decision.by())
              .with("at", step.at());
        });
    return problem;
  }
}
