package shop.operations.desk;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** All rows of the desk's tables, by which tests compare them. */
final class TableContents {

  private static final Map<String, String> KEYS =
      Map.of(
          "entries", "id",
          "texts", "entry, part",
          "actions", "log_partition, log_offset",
          "bulk_retries", "id",
          "tallies", "service, state");

  private TableContents() {}

  /** The rows of each table as text, in the order of their keys. */
  static Map<String, List<String>> of(JdbcClient jdbc) {
    Map<String, List<String>> contents = new LinkedHashMap<>();
    KEYS.forEach((table, key) ->
        contents.put(
            table,
            jdbc.sql("SELECT (t.*)::text FROM " + table + " t ORDER BY " + key)
                .query(String.class)
                .list()));
    // A tally that has become zero is the same as none.
    contents.get("tallies").removeIf(row -> row.endsWith(",0)"));
    return contents;
  }
}
