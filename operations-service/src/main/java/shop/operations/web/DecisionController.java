package shop.operations.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
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
import shop.operations.DeskEntry;
import shop.operations.State;
import shop.operations.redrive.Decisions;
import shop.operations.redrive.Decisions.Author;
import shop.operations.redrive.Decisions.Verdict;
import shop.operations.redrive.Destinations;
import shop.operations.redrive.LockedFields;
import tools.jackson.databind.JsonNode;

/** What admins decide about an entry. */
@RestController
@RequestMapping("/admin/dlq/{id}")
class DecisionController {

  private static final int LONGEST_REASON = 500;
  private static final int LARGEST_BODY = 512 << 10;

  private final ReadyDesk shown;
  private final Decisions decisions;

  DecisionController(ReadyDesk shown, Decisions decisions) {
    this.shown = shown;
    this.decisions = decisions;
  }

  /** Sends it back to its service as it was. */
  @PostMapping("/retry")
  ResponseEntity<EntryView> retry(
      @PathVariable String id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestBody(required = false) @Valid @Nullable Why why,
      @AuthenticationPrincipal Caller caller)
      throws InterruptedException {
    DeskEntry entry = sendable(id, ifMatch);
    var author = new Author(caller.id(), why == null ? null : why.reason());
    return answer(entry, decisions.retry(entry, author));
  }

  /** Sends it back with another body; headers and key stay, and so does the original here. */
  @PostMapping("/edit-and-retry")
  ResponseEntity<EntryView> editAndRetry(
      @PathVariable String id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestBody @Valid Edit edit,
      @AuthenticationPrincipal Caller caller)
      throws InterruptedException {
    DeskEntry entry = sendable(id, ifMatch);
    byte[] body = checked(entry, edit.body());
    return answer(entry, decisions.edit(entry, body, new Author(caller.id(), edit.reason())));
  }

  /** Gives it up for good; a payment is settled by its service first. */
  @PostMapping("/discard")
  ResponseEntity<EntryView> discard(
      @PathVariable String id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestBody @Valid Discard discard,
      @AuthenticationPrincipal Caller caller)
      throws InterruptedException {
    DeskEntry entry = undecided(id, ifMatch);
    return answer(entry, decisions.discard(entry, caller.id(), discard.reason()));
  }

  private DeskEntry undecided(String id, @Nullable String ifMatch) throws InterruptedException {
    DeskEntry entry = shown.entry(id);
    if (ifMatch != null && !ifMatch.equals(EntryView.tag(entry.life()))) {
      throw Conflicts.changed(entry.life());
    }
    if (entry.life().state() != State.FAILED) {
      throw Conflicts.notFailed(entry.life());
    }
    return entry;
  }

  private DeskEntry sendable(String id, @Nullable String ifMatch) throws InterruptedException {
    DeskEntry entry = undecided(id, ifMatch);
    if (!Destinations.takesBack(entry.letter())) {
      throw Problem.of(HttpStatus.CONFLICT, "no-way-back", "The message cannot be retried")
          .detail("It cannot be retried: " + Destinations.remedy(entry.letter()));
    }
    return entry;
  }

  private byte[] checked(DeskEntry entry, @Nullable JsonNode edited) {
    if (entry.letter().topic().equals(Topics.ORDERS.name())) {
      throw notEditable("Events of orders say what happened; retry or discard it");
    }
    if (edited == null || !edited.isObject()) {
      throw Problem.invalid(List.of(new Violation("/body", "The whole new body, a JSON object")));
    }
    var locked = LockedFields.changed(original(entry), edited);
    if (!locked.isEmpty()) {
      throw Problem.invalid(
          locked.stream()
              .map(pointer -> new Violation("/body" + pointer, "This field cannot be changed"))
              .toList());
    }
    byte[] body = Json.bytes(edited);
    if (body.length > LARGEST_BODY) {
      throw Problem.invalid(List.of(new Violation("/body", "At most 512 KiB are taken")));
    }
    return body;
  }

  private JsonNode original(DeskEntry entry) {
    byte @Nullable [] bytes = shown.letter(entry).value();
    try {
      var node = Json.read(bytes == null ? new byte[0] : bytes, JsonNode.class);
      if (!node.isObject()) {
        throw notEditable("Its body is no JSON object, so there is nothing to edit; discard it");
      }
      return node;
    } catch (MalformedJson e) {
      throw notEditable("Its body is no JSON, so what must stay cannot be compared; discard it");
    }
  }

  private static Problem notEditable(String detail) {
    return Problem.of(HttpStatus.CONFLICT, "not-editable", "The message cannot be edited")
        .detail(detail);
  }

  private static ResponseEntity<EntryView> answer(DeskEntry seen, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Won(var life) ->
          ResponseEntity.status(life.state().isOpen() ? HttpStatus.ACCEPTED : HttpStatus.OK)
              .eTag(EntryView.tag(life))
              .body(EntryView.of(new DeskEntry(seen.letter(), life)));
      case Verdict.Lost(var life) -> throw Conflicts.notFailed(life);
      case Verdict.Unknown() ->
          throw Problem.unavailable(
              "Kafka does not answer; whether this was decided, the entry will show",
              ReadyDesk.SOON);
    };
  }

  /** Why it is sent back, for the audit. */
  record Why(@Size(min = 1, max = LONGEST_REASON) @Nullable String reason) {}

  /**
   * Another body.
   *
   * @param body the whole of it
   */
  record Edit(
      @Nullable JsonNode body, @Size(min = 1, max = LONGEST_REASON) @Nullable String reason) {}

  record Discard(@NotBlank @Size(max = LONGEST_REASON) String reason) {}
}
