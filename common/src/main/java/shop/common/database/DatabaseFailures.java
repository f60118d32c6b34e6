package shop.common.database;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Classifies failures by PostgreSQL's error codes, of which the first two characters are the class
 * (PostgreSQL: Appendix A).
 */
public final class DatabaseFailures {

  private static final String QUERY_CANCELED = "57014";
  private static final String DISK_FULL = "53100";

  /** Connection, resources, operator intervention (shutdown, start), input and output, internal. */
  private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "53", "57", "58", "XX");

  /**
   * Serialization failure, deadlock, lock timeout, idle transaction, read-only server (a standby).
   */
  private static final Set<String> UNAVAILABLE_STATES =
      Set.of("40001", "40P01", "55P03", "25P03", "25006");

  /** Undefined table, undefined schema: the database was replaced by an empty one. */
  private static final Set<String> MISSING_STATES = Set.of("42P01", "3F000");

  private DatabaseFailures() {}

  /** True if the same statement may succeed later. */
  public static boolean isUnavailable(Throwable failure) {
    @Nullable String state = state(failure);
    return state != null
        && (UNAVAILABLE_STATES.contains(state)
            || MISSING_STATES.contains(state)
            || UNAVAILABLE_CLASSES.contains(state.substring(0, 2)));
  }

  /** True if a statement took longer than its timeout. */
  public static boolean isTimeout(Throwable failure) {
    return QUERY_CANCELED.equals(state(failure));
  }

  /** True if the database has no space left on its disk. */
  static boolean isDiskFull(Throwable failure) {
    return DISK_FULL.equals(state(failure));
  }

  /** True if tables are missing. */
  static boolean isSchemaMissing(Throwable failure) {
    @Nullable String state = state(failure);
    return state != null && MISSING_STATES.contains(state);
  }

  /** The error code of the innermost SQLException; that of a pool without connections is 08001. */
  private static @Nullable String state(Throwable failure) {
    @Nullable String state = null;
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException e) {
        @Nullable String own = e.getSQLState();
        state = own == null || own.length() < 2 ? "08001" : own;
      }
    }
    return state;
  }
}
