package shop.operations.desk;

import java.time.Instant;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import shop.operations.RecordPosition;

/** All decisions of admins, newest first. */
public final class AuditLog {

  private final NavigableSet<AuditRecord> records =
      new ConcurrentSkipListSet<>(
          Comparator.comparing(AuditRecord::at)
              .thenComparingInt(record -> record.position().partition())
              .thenComparingLong(record -> record.position().offset())
              .reversed());

  /**
   * A decision.
   *
   * @param position of its record on {@code dead-letter-actions}
   * @param decision absent in a page cursor, which is a position only
   */
  public record AuditRecord(Instant at, RecordPosition position, @Nullable DeskRecord decision) {}

  /** The records that follow one in the list, or all. */
  public Stream<AuditRecord> after(@Nullable AuditRecord last) {
    return (last == null ? records : records.tailSet(last, false)).stream();
  }

  void add(DeskRecord decision, RecordPosition position) {
    records.add(new AuditRecord(decision.at(), position, decision));
  }
}
