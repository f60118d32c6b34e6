package shop.operations.web;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.common.deadletter.DeadLetter;
import shop.common.kafka.TopicFollower;
import shop.common.problem.Problem;
import shop.operations.DeskEntry;
import shop.operations.OperationsSettings;
import shop.operations.RecordPosition;
import shop.operations.desk.Desk;
import shop.operations.desk.ListPosition.Mark;
import shop.operations.desk.LogReader;
import shop.operations.desk.LogReader.LogUnreadable;
import shop.operations.desk.Query;
import shop.operations.desk.Search;

/** The desk as requests see it: whole, or not available. */
@Component
class ReadyDesk {

  static final Duration SOON = Duration.ofSeconds(1);

  private final Desk desk;
  private final Search search;
  private final TopicFollower follower;
  private final OperationsSettings settings;
  private final LogReader letters;

  ReadyDesk(
      Desk desk,
      Search search,
      TopicFollower follower,
      OperationsSettings settings,
      LogReader letterReader) {
    this.desk = desk;
    this.search = search;
    this.follower = follower;
    this.settings = settings;
    this.letters = letterReader;
  }

  /** The desk, which has read everything that was there at the start. */
  Desk whole() {
    if (!follower.caughtUp()) {
      throw Problem.unavailable("The dead letters are still being read from the log", SOON);
    }
    return desk;
  }

  DeskEntry entry(String id) throws InterruptedException {
    return find("dead letter " + id, desk -> desk.find(id));
  }

  /** Something of the desk. That it is not there is said by who has read the log to its end. */
  <T> T find(String what, Function<Desk, Optional<T>> look) throws InterruptedException {
    Optional<T> seen = look.apply(whole());
    if (seen.isPresent()) {
      return seen.get();
    }
    if (!follower.awaitCurrentEnd(settings.decisionTimeout())) {
      throw Problem.unavailable("Whether there is a " + what + " is still being read", SOON);
    }
    return look.apply(desk).orElseThrow(() -> Problem.notFound("There is no " + what));
  }

  List<DeskEntry> find(Query query, @Nullable Mark after, int limit) {
    whole();
    return read(() -> search.find(query, after, limit));
  }

  DeadLetter letter(DeskEntry entry) {
    return read(() -> letters.letter(entry.letter().place()));
  }

  byte[] editedBody(RecordPosition place) {
    return read(() -> letters.editedBody(place));
  }

  /** Anything that needs bytes from the log. */
  static <T> T read(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (LogUnreadable e) {
      throw Problem.unavailable("Kafka does not give the messages' bytes now", SOON);
    }
  }
}
