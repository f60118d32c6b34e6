package shop.operations.web;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.common.database.DatabaseFollower;
import shop.common.deadletter.DeadLetter;
import shop.common.problem.Problem;
import shop.operations.CauseGroup;
import shop.operations.DeskEntry;
import shop.operations.OperationsSettings;
import shop.operations.RecordPosition;
import shop.operations.desk.Desk;
import shop.operations.desk.EntryQuery;
import shop.operations.desk.LogReader;
import shop.operations.desk.LogReader.LogUnreadable;
import shop.operations.desk.Search;
import shop.operations.desk.SortKey;

/** The desk for requests: complete, or a 503 problem. */
@Component
class ReadyDesk {

  static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Desk desk;
  private final Search search;
  private final DatabaseFollower follower;
  private final OperationsSettings settings;
  private final LogReader reader;

  ReadyDesk(
      Desk desk,
      Search search,
      DatabaseFollower follower,
      OperationsSettings settings,
      LogReader letterReader) {
    this.desk = desk;
    this.search = search;
    this.follower = follower;
    this.settings = settings;
    this.reader = letterReader;
  }

  /**
   * The desk, which has read everything that was in the log at the start.
   *
   * @throws Problem 503 if it has not
   */
  Desk requireReady() {
    if (!follower.caughtUp()) {
      throw Problem.unavailable(
          "The dead letters are still being read from the log. Repeat the request later",
          RETRY_AFTER);
    }
    return desk;
  }

  DeskEntry entry(String id) throws InterruptedException {
    return find("dead letter " + id, desk -> desk.find(id));
  }

  /**
   * Looks something up. If it is missing, looks it up again after reading the log to its current
   * end.
   *
   * @throws Problem 404 if it does not exist, 503 if the log cannot be read to its end in time
   */
  <T> T find(String description, Function<Desk, Optional<T>> lookup) throws InterruptedException {
    Optional<T> found = lookup.apply(requireReady());
    if (found.isPresent()) {
      return found.get();
    }
    if (!follower.awaitCurrentEnd(settings.decisionTimeout())) {
      throw Problem.unavailable(
          "The log could not be read to its end in time, so it is unknown whether there is a "
              + description
              + ". Repeat the request later",
          RETRY_AFTER);
    }
    return lookup.apply(desk).orElseThrow(() -> Problem.notFound("There is no " + description));
  }

  List<DeskEntry> find(EntryQuery query, @Nullable SortKey after, int limit) {
    requireReady();
    return search.find(query, after, limit);
  }

  List<CauseGroup> groups(EntryQuery query) {
    requireReady();
    return search.groups(query);
  }

  DeadLetter deadLetter(DeskEntry entry) {
    return readLog(() -> reader.deadLetter(entry.letter().recordPosition()));
  }

  byte[] editedBody(RecordPosition position) {
    return readLog(() -> reader.editedBody(position));
  }

  /**
   * Runs an operation that reads messages from the log.
   *
   * @throws Problem 503 if Kafka does not return them in time
   */
  static <T> T readLog(Supplier<T> operation) {
    try {
      return operation.get();
    } catch (LogUnreadable e) {
      throw Problem.unavailable(
          "Kafka did not return the messages in time. Repeat the request later", RETRY_AFTER);
    }
  }
}
