package shop.operations.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.operations.Action.Decision;
import shop.operations.Action.EditRequested;
import shop.operations.Action.FailedAgain;
import shop.operations.Action.RedriveDecision;
import shop.operations.Action.ReportedOutcome;
import shop.operations.Action.RetryRequested;
import shop.operations.DeskEntry;
import shop.operations.HistoryStep;
import shop.operations.RecordPosition;

/**
 * An entry with its message and history.
 *
 * @param headers of the message, in order and including repeated names
 * @param key absent if the message had none
 * @param body of the original message; absent if it had none
 * @param history starts with the failure
 */
record EntryDetail(
    @JsonUnwrapped EntryView entry,
    List<Header> headers,
    @Nullable EncodedBytes key,
    @Nullable EncodedBytes body,
    List<HistoryItem> history) {

  static EntryDetail of(
      DeskEntry entry, DeadLetter letter, Function<RecordPosition, byte[]> editedBody) {
    return new EntryDetail(
        EntryView.of(entry),
        Arrays.stream(letter.headers().toArray())
            .map(header -> new Header(header.key(), EncodedBytes.of(header.value())))
            .toList(),
        EncodedBytes.of(letter.key()),
        EncodedBytes.of(letter.value()),
        history(entry, editedBody));
  }

  private static List<HistoryItem> history(
      DeskEntry entry, Function<RecordPosition, byte[]> editedBody) {
    var history = new ArrayList<HistoryItem>();
    history.add(HistoryItem.failure(entry));
    entry.history().steps().forEach(step -> history.add(HistoryItem.of(step, editedBody)));
    return history;
  }

  record Header(String name, @Nullable EncodedBytes value) {}

  /**
   * An item of an entry's history: the failure, a decision or an outcome.
   *
   * @param what failed, retry-requested, edit-requested, discard-requested, discarded, reopened,
   *     resolved or failed-again
   * @param counted false if it came too late to have an effect
   * @param attempt the number of the redrive, from 1
   * @param by the admin who decided it
   * @param service that reported the failure or outcome
   * @param reason for the decision
   * @param job the bulk retry that requested it
   * @param body the new body of an edit
   */
  record HistoryItem(
      String what,
      Instant at,
      boolean counted,
      @Nullable Integer attempt,
      @Nullable UUID by,
      @Nullable String service,
      @Nullable Cause cause,
      @Nullable String reason,
      @Nullable UUID job,
      @Nullable EncodedBytes body) {

    static HistoryItem failure(DeskEntry entry) {
      var letter = entry.letter();
      return new HistoryItem(
          "failed",
          letter.failedAt(),
          true,
          null,
          null,
          letter.service(),
          letter.cause(),
          null,
          null,
          null);
    }

    static HistoryItem of(HistoryStep step, Function<RecordPosition, byte[]> editedBody) {
      var action = step.action();
      return switch (action) {
        case Decision decision ->
            new HistoryItem(
                action.label(),
                step.at(),
                step.counted(),
                decision instanceof RedriveDecision redrive ? redrive.attempt() : null,
                decision.by(),
                null,
                null,
                decision.reason(),
                decision instanceof RetryRequested retry ? retry.job() : null,
                decision instanceof EditRequested edit
                    ? EncodedBytes.of(editedBody.apply(edit.bodyPosition()))
                    : null);
        case ReportedOutcome outcome ->
            new HistoryItem(
                action.label(),
                step.at(),
                step.counted(),
                outcome.attempt(),
                null,
                outcome.service(),
                outcome instanceof FailedAgain again ? again.cause() : null,
                null,
                null,
                null);
      };
    }
  }
}
