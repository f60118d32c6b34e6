package shop.common.database;

import org.jspecify.annotations.Nullable;

/** Text as PostgreSQL can store it: its type {@code text} excludes the character NUL. */
public final class SqlText {

  private SqlText() {}

  /** The text with replacement characters (U+FFFD) in place of NUL. */
  public static String of(String text) {
    return text.replace('\0', '\ufffd');
  }

  /** The same; null for null. */
  public static @Nullable String ofNullable(@Nullable String text) {
    return text == null ? null : of(text);
  }

  /**
   * A pattern for LIKE that matches every text that contains this one, in which % and _ are
   * literal.
   */
  public static String containing(String text) {
    return "%" + of(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
  }
}
