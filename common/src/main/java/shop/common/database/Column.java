package shop.common.database;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Columns of rows as array parameters: a statement with {@code unnest} writes many rows at once.
 */
public final class Column {

  private Column() {}

  /** Also for uuid and timestamptz, with a cast in the statement. */
  public static <T> @Nullable String[] texts(List<T> rows, Function<T, @Nullable Object> column) {
    return rows.stream()
        .map(row -> {
          @Nullable Object value = column.apply(row);
          return value == null ? null : value.toString();
        })
        .toArray(String[]::new);
  }

  public static <T> @Nullable Long[] numbers(List<T> rows, Function<T, @Nullable Long> column) {
    return rows.stream().map(column).toArray(Long[]::new);
  }
}
