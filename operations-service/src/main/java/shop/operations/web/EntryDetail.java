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
import shop.operations.Action.Outcome;
import shop.operations.Action.RetryRequested;
import shop.operations.Action.Sending;
import shop.operations.DeskEntry;
import shop.operations.HistoryStep;
import shop.operations.RecordPosition;

/**
 * An entry with all that the log holds of it.
 *
 * @param headers the message's own, in order, also repeated ones
 * @param key absent if the message had none
 * @param body the original; absent if the message had none
 * @param history from the failure on
 */
record EntryDetail(
    @JsonUnwrapped EntryView entry,
    List<Header> headers,
    @Nullable Content key,
    @Nullable Content body,
    List<Happening> history) {

  static EntryDetail of(
      DeskEntry entry, DeadLetter letter, Function<RecordPosition, byte[]> editedBody) {
    return new EntryDetail(
        EntryView.of(entry),
        Arrays.stream(letter.headers().toArray())
            .map(header -> new Header(header.key(), Content.of(header.value())))
            .toList(),
        Content.of(letter.key()),
        Content.of(letter.value()),
        history(entry, editedBody));
  }

  private static List<Happening> history(
      DeskEntry entry, Function<RecordPosition, byte[]> editedBody) {
    var history = new ArrayList<Happening>();
    history.add(Happening.first(entry));
    entry.life().history().forEach(step -> history.add(Happening.of(step, editedBody)));
    return history;
  }

  record Header(String name, @Nullable Content value) {}

  /**
   * One thing that happened.
   *
   * @param what failed, retry-requested, edit-requested, discard-requested, discarded, resolved or
   *     failed-again
   * @param counted false if it came too late to change anything
   * @param attempt which sending
   * @param by the admin who decided it
   * @param service the service that reported it
   * @param reason why it was decided
   * @param job the bulk retry that it belongs to
   * @param body what an edit put in the place of the original
   */
  record Happening(
      String what,
      Instant at,
      boolean counted,
      @Nullable Integer attempt,
      @Nullable UUID by,
      @Nullable String service,
      @Nullable Cause cause,
      @Nullable String reason,
      @Nullable UUID job,
      @Nullable Content body) {

    static Happening first(DeskEntry entry) {
      var letter = entry.letter();
      return new Happening(
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

    static Happening of(HistoryStep step, Function<RecordPosition, byte[]> editedBody) {
      var action = step.action();
      return switch (action) {
        case Decision decision ->
            new Happening(
                action.what(),
                step.at(),
                step.counted(),
                decision instanceof Sending sending ? sending.attempt() : null,
                decision.by(),
                null,
                null,
                decision.reason(),
                decision instanceof RetryRequested retry ? retry.job() : null,
                decision instanceof EditRequested edit
                    ? Content.of(editedBody.apply(edit.body()))
                    : null);
        case Outcome outcome ->
            new Happening(
                action.what(),
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
