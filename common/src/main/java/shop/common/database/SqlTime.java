package shop.common.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Instants as PostgreSQL's type {@code timestamptz}, which has microseconds. */
public final class SqlTime {

  private SqlTime() {}

  /** The value of a parameter. */
  public static OffsetDateTime of(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  /** The same; null for null. */
  public static @Nullable OffsetDateTime ofNullable(@Nullable Instant time) {
    return time == null ? null : of(time);
  }

  /** The value of a column that is not null. */
  public static Instant get(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /** The value of a column. */
  public static @Nullable Instant getNullable(ResultSet row, String column) throws SQLException {
    @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
