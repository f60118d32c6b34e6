package shop.analytics.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.analytics.BucketSize;
import shop.analytics.board.Board;
import shop.common.kafka.TopicFollower;
import shop.common.problem.Problem;

/** Figures by bucket, and the summary of now; any instance answers the same. */
@RestController
@RequestMapping("/analytics")
class AnalyticsController {

  /** A day of minutes. */
  private static final int LONGEST_PAGE = 1440;

  private final Board board;
  private final TopicFollower figures;
  private final Clock clock;

  AnalyticsController(Board board, TopicFollower figures, Clock clock) {
    this.board = board;
    this.figures = figures;
    this.clock = clock;
  }

  /**
   * Buckets in which something happened, oldest first.
   *
   * @param from the first moment, by default 60 buckets before {@code to}
   * @param to the moment after the last, by default the end of the bucket that is running
   */
  @GetMapping("/orders")
  Page orders(
      @RequestParam(defaultValue = "minute") BucketSize bucket,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(defaultValue = "" + LONGEST_PAGE) @Min(1) @Max(LONGEST_PAGE) int limit,
      @RequestParam(required = false) @Nullable String cursor) {
    requireWhole();
    Instant end = to == null ? bucket.before(bucket.at(clock.instant()).start(), -1) : to;
    Instant begin = from == null ? bucket.before(end, 60) : bucket.at(from).start();
    if (!begin.isBefore(end)) {
      throw Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, "invalid-request", "No time in between")
          .detail("'from' must be before 'to'");
    }
    Instant first = cursor == null ? begin : later(begin, Cursor.read(cursor));
    if (!first.isBefore(end)) {
      return new Page(List.of(), null);
    }
    var items = new ArrayList<Item>();
    for (var entry : board.between(bucket, first, end).entrySet()) {
      if (items.size() == limit) {
        return new Page(items, Cursor.write(entry.getKey()));
      }
      items.add(new Item(bucket, entry.getKey(), FiguresView.of(entry.getValue())));
    }
    return new Page(items, null);
  }

  /** The last fifteen minutes, the last hour and today (UTC), each with the bucket that runs. */
  @GetMapping("/summary")
  Summary summary() {
    requireWhole();
    Instant minute = BucketSize.MINUTE.at(clock.instant()).start();
    Instant end = BucketSize.MINUTE.before(minute, -1);
    Instant today = BucketSize.DAY.at(minute).start();
    return new Summary(
        span(BucketSize.MINUTE, BucketSize.MINUTE.before(end, 15), end),
        span(BucketSize.MINUTE, BucketSize.MINUTE.before(end, 60), end),
        span(BucketSize.DAY, today, BucketSize.DAY.before(today, -1)));
  }

  private Span span(BucketSize size, Instant from, Instant to) {
    return new Span(from, to, FiguresView.of(board.sum(size, from, to)));
  }

  private void requireWhole() {
    if (!figures.caughtUp()) {
      throw Problem.unavailable(
          "The figures are still being read from the log", Duration.ofSeconds(1));
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  record Page(List<Item> items, @Nullable String nextCursor) {}

  record Item(BucketSize bucket, Instant start, @JsonUnwrapped FiguresView figures) {}

  record Span(Instant from, Instant to, @JsonUnwrapped FiguresView figures) {}

  record Summary(Span last15Minutes, Span lastHour, Span today) {}

  /** Where a page goes on: the start of its first bucket, opaque to clients. */
  private static final class Cursor {

    static String write(Instant start) {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(start.toString().getBytes(StandardCharsets.UTF_8));
    }

    static Instant read(String text) {
      try {
        return Instant.parse(
            new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException | DateTimeException e) {
        throw Problem.of(HttpStatus.BAD_REQUEST, "malformed-request", "The request is malformed")
            .detail("'cursor' is none of this list's");
      }
    }
  }
}
