package shop.operations.desk;

/** The ids of entries. */
final class EntryIds {

  /** In characters. Longer ones do not fit into an index of PostgreSQL. */
  static final int MAX_LENGTH = 500;

  private EntryIds() {}

  /** False if no entry has this id: it is too long, or contains NUL. */
  static boolean isValid(String id) {
    return id.length() <= MAX_LENGTH && id.indexOf('\0') < 0;
  }
}
