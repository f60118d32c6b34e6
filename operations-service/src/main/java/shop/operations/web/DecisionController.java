package shop.operations.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.common.json.Json;
import shop.common.json.MalformedJson;
import shop.common.kafka.Topics;
import shop.common.problem.Problem;
import shop.common.problem.Violation;
import shop.common.security.Caller;
import shop.common.text.Text;
import shop.operations.DeskEntry;
import shop.operations.OperationsSettings;
import shop.operations.State;
import shop.operations.redrive.Decisions;
import shop.operations.redrive.Decisions.Author;
import shop.operations.redrive.Decisions.SubmitResult;
import shop.operations.redrive.Destinations;
import shop.operations.redrive.LockedFields;
import tools.jackson.databind.JsonNode;

/** Decisions about a single entry. */
@RestController
@RequestMapping(path = "/admin/dlq/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
class DecisionController {

  private static final int MAX_REASON_LENGTH = 500;

  private final ReadyDesk readyDesk;
  private final Decisions decisions;
  private final OperationsSettings settings;
  private final Clock clock;

  DecisionController(
      ReadyDesk readyDesk, Decisions decisions, OperationsSettings settings, Clock clock) {
    this.readyDesk = readyDesk;
    this.decisions = decisions;
    this.settings = settings;
    this.clock = clock;
  }

  /** Redrives the original message to its service. */
  @PostMapping("/retry")
  ResponseEntity<EntryView> retry(
      @PathVariable String id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestBody(required = false) @Valid @Nullable RetryRequest request,
      @AuthenticationPrincipal Caller caller)
      throws InterruptedException {
    DeskEntry entry = retryable(id, ifMatch);
    var author = new Author(caller.id(), request == null ? null : request.reason());
    return response(entry, decisions.retry(entry, author));
  }

  /**
   * Redrives the message with another body, but its own headers and key; the entry keeps the
   * original.
   */
  @PostMapping("/edit-and-retry")
  ResponseEntity<EntryView> editAndRetry(
      @PathVariable String id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestBody @Valid EditRequest request,
      @AuthenticationPrincipal Caller caller)
      throws InterruptedException {
    DeskEntry entry = retryable(id, ifMatch);
    byte[] body = validatedBody(entry, request.body());
    return response(entry, decisions.edit(entry, body, new Author(caller.id(), request.reason())));
  }

  /** Discards the entry; what needs settlement is settled by its service first. */
  @PostMapping("/discard")
  ResponseEntity<EntryView> discard(
      @PathVariable String id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestBody @Valid DiscardRequest request,
      @AuthenticationPrincipal Caller caller)
      throws InterruptedException {
    DeskEntry entry = undecided(id, ifMatch);
    return response(entry, decisions.discard(entry, caller.id(), request.reason()));
  }

  /**
   * Lets an entry wait for a decision again whose service has not reported the outcome of its
   * redrive. A success that is reported later still counts.
   */
  @PostMapping("/reopen")
  ResponseEntity<EntryView> reopen(
      @PathVariable String id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestBody(required = false) @Valid @Nullable RetryRequest request,
      @AuthenticationPrincipal Caller caller)
      throws InterruptedException {
    DeskEntry entry = overdue(id, ifMatch);
    var author = new Author(caller.id(), request == null ? null : request.reason());
    SubmitResult verdict = decisions.reopen(entry, author);
    if (verdict instanceof SubmitResult.Refused(var history)) {
      throw DecisionConflicts.notPending(history);
    }
    return response(entry, verdict);
  }

  /** A pending entry whose service has had its time to report the outcome. */
  private DeskEntry overdue(String id, @Nullable String ifMatch) throws InterruptedException {
    DeskEntry entry = current(id, ifMatch);
    var history = entry.history();
    if (!history.state().isPending()) {
      throw DecisionConflicts.notPending(history);
    }
    Instant now = clock.instant();
    Instant reopenable = history.lastDecision().orElseThrow().at().plus(settings.reopenAfter());
    if (now.isBefore(reopenable)) {
      throw DecisionConflicts.stillPending(history, reopenable, now);
    }
    return entry;
  }

  private DeskEntry undecided(String id, @Nullable String ifMatch) throws InterruptedException {
    DeskEntry entry = current(id, ifMatch);
    if (entry.history().state() != State.FAILED) {
      throw DecisionConflicts.notFailed(entry.history());
    }
    return entry;
  }

  private DeskEntry current(String id, @Nullable String ifMatch) throws InterruptedException {
    DeskEntry entry = readyDesk.entry(id);
    if (ifMatch != null && !EntryView.isCurrent(ifMatch, entry.history())) {
      throw DecisionConflicts.changed(entry.history());
    }
    return entry;
  }

  private DeskEntry retryable(String id, @Nullable String ifMatch) throws InterruptedException {
    DeskEntry entry = undecided(id, ifMatch);
    if (!Destinations.acceptsRedrives(entry.letter())) {
      throw Problem.of(HttpStatus.CONFLICT, "no-way-back", "The message cannot be retried")
          .detail("It cannot be retried: " + Destinations.remedy(entry.letter()));
    }
    return entry;
  }

  private byte[] validatedBody(DeskEntry entry, @Nullable JsonNode edited) {
    if (entry.letter().topic().equals(Topics.ORDERS.name())) {
      throw notEditable(
          "Events on the topic orders are facts and cannot be edited. Retry or discard the entry");
    }
    if (edited == null || !edited.isObject()) {
      throw Problem.invalid(
          List.of(new Violation("/body", "must be the complete new body, a JSON object")));
    }
    var locked = LockedFields.changed(original(entry), edited);
    if (!locked.isEmpty()) {
      throw Problem.invalid(
          locked.stream()
              .map(pointer -> new Violation("/body" + pointer, "must not be changed"))
              .toList());
    }
    return Json.bytes(edited);
  }

  private JsonNode original(DeskEntry entry) {
    byte @Nullable [] bytes = readyDesk.deadLetter(entry).value();
    try {
      var node = Json.read(bytes == null ? new byte[0] : bytes, JsonNode.class);
      if (!node.isObject()) {
        throw notEditable(
            "The body is not a JSON object, so it has no fields to edit. Retry or discard the entry");
      }
      return node;
    } catch (MalformedJson e) {
      throw notEditable(
          "The body is not JSON, so its locked fields cannot be compared. Retry or discard the entry");
    }
  }

  private static Problem notEditable(String detail) {
    return Problem.of(HttpStatus.CONFLICT, "not-editable", "The message cannot be edited")
        .detail(detail);
  }

  private static ResponseEntity<EntryView> response(DeskEntry seen, SubmitResult verdict) {
    return switch (verdict) {
      case SubmitResult.Accepted(var history) ->
          ResponseEntity.status(history.state().isPending() ? HttpStatus.ACCEPTED : HttpStatus.OK)
              .eTag(EntryView.tag(history).toString())
              .body(EntryView.of(new DeskEntry(seen.letter(), history)));
      case SubmitResult.Refused(var history) -> throw DecisionConflicts.notFailed(history);
      case SubmitResult.Unconfirmed() ->
          throw Problem.unavailable(
              "The decision was not confirmed in time."
                  + " Read the entry: its history shows whether it took effect",
              ReadyDesk.RETRY_AFTER);
    };
  }

  /** The reason is shown in the audit log. */
  record RetryRequest(@Text(max = MAX_REASON_LENGTH) @Nullable String reason) {}

  /**
   * A retry with another body.
   *
   * @param body the complete new body
   */
  record EditRequest(
      @Nullable JsonNode body, @Text(max = MAX_REASON_LENGTH) @Nullable String reason) {}

  record DiscardRequest(@NotNull @Text(max = MAX_REASON_LENGTH) String reason) {}
}
