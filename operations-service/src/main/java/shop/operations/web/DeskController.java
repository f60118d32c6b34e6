package shop.operations.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.common.deadletter.DeadLetter;
import shop.common.kafka.TopicFollower;
import shop.common.problem.Problem;
import shop.common.security.Caller;
import shop.operations.Entry;
import shop.operations.Life;
import shop.operations.State;
import shop.operations.desk.Desk;
import shop.operations.desk.LetterLog;
import shop.operations.desk.LetterLog.LetterUnreadable;
import shop.operations.desk.Query;
import shop.operations.redrive.Retries;

/** The dead-letter desk, for admins. */
@RestController
@RequestMapping("/admin/dlq")
class DeskController {

  private static final Duration SOON = Duration.ofSeconds(1);

  private final Desk desk;
  private final TopicFollower follower;
  private final LetterLog letters;
  private final Retries retries;

  DeskController(Desk desk, TopicFollower follower, LetterLog letters, Retries retries) {
    this.desk = desk;
    this.follower = follower;
    this.letters = letters;
    this.retries = retries;
  }

  /** Entries, newest first. */
  @GetMapping
  Page list(
      @RequestParam(required = false) @Nullable String service,
      @RequestParam(required = false) @Nullable String topic,
      @RequestParam(required = false) @Nullable String group,
      @RequestParam(required = false) @Nullable Set<State> state,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(required = false) @Size(min = 1, max = 200) @Nullable String text,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit,
      @RequestParam(required = false) @Nullable String cursor) {
    requireWhole();
    var query = query(service, topic, group, state, from, to, text);
    var last = cursor == null ? null : Cursor.of(cursor);
    var found = last == null ? query.in(desk) : query.in(desk, last.failedAt(), last.id());
    List<Entry> page = found.limit(limit + 1L).toList();
    if (page.size() <= limit) {
      return new Page(page.stream().map(EntryView::of).toList(), null);
    }
    var end = page.get(limit - 1).letter();
    return new Page(
        page.stream().limit(limit).map(EntryView::of).toList(),
        new Cursor(end.failedAt(), end.id()).text());
  }

  /** The same entries by exception and place, most frequent first. */
  @GetMapping("/groups")
  Groups groups(
      @RequestParam(required = false) @Nullable String service,
      @RequestParam(required = false) @Nullable String topic,
      @RequestParam(required = false) @Nullable String group,
      @RequestParam(required = false) @Nullable Set<State> state,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(required = false) @Size(min = 1, max = 200) @Nullable String text) {
    requireWhole();
    return Groups.of(query(service, topic, group, state, from, to, text).in(desk));
  }

  /** One entry with its bytes and history; the version is its entity tag. */
  @GetMapping("/{id}")
  ResponseEntity<EntryDetail> show(@PathVariable String id) {
    Entry entry = find(id);
    return ResponseEntity.ok().eTag(tag(entry.life())).body(EntryDetail.of(entry, read(entry)));
  }

  /** Decides that an entry is sent back to its service. */
  @PostMapping("/{id}/retry")
  ResponseEntity<EntryView> retry(
      @PathVariable String id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @AuthenticationPrincipal Caller caller)
      throws InterruptedException {
    Entry entry = find(id);
    if (ifMatch != null && !ifMatch.equals(tag(entry.life()))) {
      throw Problem.of(HttpStatus.PRECONDITION_FAILED, "changed", "The entry has changed")
          .detail("It is at version " + entry.life().version() + "; look at it again");
    }
    if (!Retries.canGoBack(entry)) {
      throw Problem.of(HttpStatus.CONFLICT, "no-way-back", "The message cannot be sent back")
          .detail(entry.letter().service() + " takes no messages back");
    }
    if (entry.life().state() != State.FAILED) {
      throw notFailed(entry.life());
    }
    return switch (retries.request(entry, caller.id())) {
      case Retries.Decision.Won(Life life) ->
          ResponseEntity.accepted()
              .eTag(tag(life))
              .body(EntryView.of(new Entry(entry.letter(), life)));
      case Retries.Decision.Lost(Life life) -> throw notFailed(life);
      case Retries.Decision.Unknown() ->
          throw Problem.unavailable(
              "Kafka does not answer; whether this was decided, the entry will show", SOON);
    };
  }

  private Entry find(String id) {
    requireWhole();
    return desk.find(id).orElseThrow(() -> Problem.notFound("There is no dead letter " + id));
  }

  private DeadLetter read(Entry entry) {
    try {
      return letters.read(entry.letter().place());
    } catch (LetterUnreadable e) {
      throw Problem.unavailable("Kafka does not give the message's bytes now", SOON);
    }
  }

  private void requireWhole() {
    if (!follower.caughtUp()) {
      throw Problem.unavailable("The dead letters are still being read from the log", SOON);
    }
  }

  private static Query query(
      @Nullable String service,
      @Nullable String topic,
      @Nullable String group,
      @Nullable Set<State> state,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable String text) {
    if (from != null && to != null && !from.isBefore(to)) {
      throw Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, "invalid-request", "No time in between")
          .detail("'from' must be before 'to'");
    }
    return new Query(service, topic, group, state == null ? Set.of() : state, from, to, text);
  }

  private static Problem notFailed(Life life) {
    return Problem.of(HttpStatus.CONFLICT, "not-failed", "The entry does not wait for a decision")
        .detail("It is " + life.state() + " at version " + life.version())
        .with("state", life.state())
        .with("version", life.version());
  }

  private static String tag(Life life) {
    return "\"" + life.version() + "\"";
  }

  record Page(List<EntryView> items, @Nullable String nextCursor) {}
}
