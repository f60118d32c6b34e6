package shop.analytics.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.analytics.BucketSize;
import shop.analytics.board.Board;
import shop.common.kafka.TopicFollower;
import shop.common.problem.Problem;
import shop.common.time.Rfc3339;

/** The figures by bucket, and a summary of today. All instances return the same figures. */
@RestController
@RequestMapping(path = "/analytics", produces = MediaType.APPLICATION_JSON_VALUE)
class AnalyticsController {

  /** The number of minutes of a day. */
  private static final int MAX_PAGE_SIZE = 1440;

  private final Board board;
  private final TopicFollower follower;
  private final Clock clock;

  AnalyticsController(Board board, TopicFollower follower, Clock clock) {
    this.board = board;
    this.follower = follower;
    this.clock = clock;
  }

  /**
   * The buckets with events, oldest first.
   *
   * @param from the inclusive start, by default 60 buckets before {@code to}
   * @param to the exclusive end, by default the end of the current bucket
   */
  @GetMapping("/orders")
  Page orders(
      @RequestParam(defaultValue = "minute") BucketSize bucket,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(defaultValue = "" + MAX_PAGE_SIZE) @Min(1) @Max(MAX_PAGE_SIZE) int limit,
      @RequestParam(required = false) @Nullable String cursor) {
    requireCaughtUp();
    Instant end = to == null ? bucket.before(bucket.at(clock.instant()).start(), -1) : to;
    Instant begin = from == null ? bucket.before(end, 60) : bucket.at(from).start();
    if (!begin.isBefore(end)) {
      throw Problem.of(
              HttpStatus.UNPROCESSABLE_CONTENT, "invalid-request", "The request is invalid")
          .detail("'from' must be before 'to'");
    }
    Instant first = cursor == null ? begin : later(begin, Cursor.read(cursor));
    if (!first.isBefore(end)) {
      return new Page(List.of(), null);
    }
    requireHeld(bucket, first);
    // One more than requested, to see whether there is a next page.
    var entries = board.between(bucket, first, end, limit + 1);
    var items =
        entries.stream()
            .limit(limit)
            .map(entry -> new BucketFigures(bucket, entry.start(), FiguresView.of(entry.figures())))
            .toList();
    return new Page(items, entries.size() > limit ? Cursor.write(entries.getLast().start()) : null);
  }

  /** An empty page would say that nothing happened. */
  private void requireHeld(BucketSize bucket, Instant first) {
    Instant oldest = board.oldest(bucket);
    if (first.isBefore(oldest)) {
      throw Problem.notFound(
          "Figures by %s are kept from %s on. Begin there, or ask for hours or days"
              .formatted(bucket.label(), oldest));
    }
  }

  /** The last fifteen minutes, the last hour and today (UTC), each including the current bucket. */
  @GetMapping("/summary")
  Summary summary() {
    requireCaughtUp();
    Instant minute = BucketSize.MINUTE.at(clock.instant()).start();
    Instant end = BucketSize.MINUTE.before(minute, -1);
    Instant today = BucketSize.DAY.at(minute).start();
    return new Summary(
        period(BucketSize.MINUTE, BucketSize.MINUTE.before(end, 15), end),
        period(BucketSize.MINUTE, BucketSize.MINUTE.before(end, 60), end),
        period(BucketSize.DAY, today, BucketSize.DAY.before(today, -1)));
  }

  private PeriodFigures period(BucketSize size, Instant from, Instant to) {
    return new PeriodFigures(from, to, FiguresView.of(board.sum(size, from, to)));
  }

  private void requireCaughtUp() {
    if (!follower.caughtUp()) {
      throw Problem.unavailable("The figures are still being loaded", Duration.ofSeconds(1));
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  record Page(List<BucketFigures> items, @Nullable String nextCursor) {}

  record BucketFigures(BucketSize bucket, Instant start, @JsonUnwrapped FiguresView figures) {}

  record PeriodFigures(Instant from, Instant to, @JsonUnwrapped FiguresView figures) {}

  record Summary(PeriodFigures last15Minutes, PeriodFigures lastHour, PeriodFigures today) {}

  /** The position of the next page: the start of its first bucket, opaque to clients. */
  private static final class Cursor {

    static String write(Instant start) {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(start.toString().getBytes(StandardCharsets.UTF_8));
    }

    static Instant read(String text) {
      try {
        return Rfc3339.parse(
            new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException | DateTimeException e) {
        throw Problem.of(HttpStatus.BAD_REQUEST, "malformed-request", "The request is malformed")
            .detail("'cursor' was not issued by this API");
      }
    }
  }
}
