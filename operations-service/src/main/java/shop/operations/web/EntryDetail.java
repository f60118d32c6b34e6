package shop.operations.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.operations.Action.FailedAgain;
import shop.operations.Action.Resolved;
import shop.operations.Action.RetryRequested;
import shop.operations.Entry;
import shop.operations.Step;

/**
 * An entry with all that the log holds of it.
 *
 * @param headers the message's own, in order, also repeated ones
 * @param key absent if the message had none
 * @param body absent if the message had none
 * @param history from the failure on
 */
record EntryDetail(
    @JsonUnwrapped EntryView entry,
    List<Header> headers,
    @Nullable Content key,
    @Nullable Content body,
    List<Happening> history) {

  static EntryDetail of(Entry entry, DeadLetter letter) {
    return new EntryDetail(
        EntryView.of(entry),
        Arrays.stream(letter.headers().toArray())
            .map(header -> new Header(header.key(), Content.of(header.value())))
            .toList(),
        Content.of(letter.key()),
        Content.of(letter.value()),
        history(entry));
  }

  private static List<Happening> history(Entry entry) {
    var history = new ArrayList<Happening>();
    var letter = entry.letter();
    history.add(
        new Happening(
            "failed", letter.failedAt(), true, null, null, letter.service(), letter.cause()));
    entry.life().history().forEach(step -> history.add(Happening.of(step)));
    return history;
  }

  record Header(String name, @Nullable Content value) {}

  /**
   * One thing that happened.
   *
   * @param what failed, retry-requested, resolved, failed-again
   * @param counted false if it came too late to change anything
   * @param attempt which sending back
   * @param by the admin who decided it
   * @param service the service that reported it
   */
  record Happening(
      String what,
      Instant at,
      boolean counted,
      @Nullable Integer attempt,
      @Nullable UUID by,
      @Nullable String service,
      @Nullable Cause cause) {

    static Happening of(Step step) {
      return switch (step.action()) {
        case RetryRequested(int _, int attempt, UUID by) ->
            new Happening("retry-requested", step.at(), step.counted(), attempt, by, null, null);
        case Resolved(int attempt, String service) ->
            new Happening("resolved", step.at(), step.counted(), attempt, null, service, null);
        case FailedAgain(int attempt, String service, Cause cause) ->
            new Happening("failed-again", step.at(), step.counted(), attempt, null, service, cause);
      };
    }
  }
}
