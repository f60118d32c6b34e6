package shop.operations.desk;

import java.time.Instant;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import shop.operations.RecordPosition;

/** Everything that admins decided, newest first. */
public final class Audit {

  private final NavigableSet<Line> lines =
      new ConcurrentSkipListSet<>(
          Comparator.comparing(Line::at)
              .thenComparingInt(line -> line.place().partition())
              .thenComparingLong(line -> line.place().offset())
              .reversed());

  /**
   * One decision.
   *
   * @param place where it is on {@code dead-letter-actions}
   * @param told what was decided; absent in a mark that is only a place in the list
   */
  public record Line(Instant at, RecordPosition place, @Nullable DeskRecord told) {}

  /** The lines after one, or all. */
  public Stream<Line> after(@Nullable Line last) {
    return (last == null ? lines : lines.tailSet(last, false)).stream();
  }

  void add(DeskRecord told, RecordPosition place) {
    lines.add(new Line(told.at(), place, told));
  }
}
