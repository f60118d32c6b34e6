package shop.sandbox.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import shop.sandbox.ledger.LedgerStore.Direction;
import shop.sandbox.ledger.StoreKey.Table;

/** Ids by their time of creation and, within the same instant, by their number, for pagination. */
public final class Timeline {

  private final LedgerStore store;
  private final StoreKey prefix;
  private final Function<String, Optional<Instant>> created;

  Timeline(LedgerStore store, StoreKey prefix, Function<String, Optional<Instant>> created) {
    this.store = store;
    this.prefix = prefix;
    this.created = created;
  }

  /**
   * A range of creation times in seconds since 1970, both ends included.
   *
   * @param from the first second
   * @param to the last second; the range is empty if it is before {@code from}
   */
  public record Seconds(long from, long to) {}

  /**
   * Ids created before this one, newest first; all ids if it is null.
   *
   * @return empty if the id is unknown
   */
  public Optional<List<String>> olderThan(@Nullable String id, Seconds range, int limit) {
    return id == null
        ? Optional.of(page(start(range), end(range), Direction.DESCENDING, limit))
        : key(id)
            .map(key ->
                page(start(range), StoreKey.min(key, end(range)), Direction.DESCENDING, limit));
  }

  /** Ids created after this one, oldest first; empty if it is unknown. */
  public Optional<List<String>> newerThan(String id, Seconds range, int limit) {
    return key(id)
        .map(key ->
            page(StoreKey.max(key.next(), start(range)), end(range), Direction.ASCENDING, limit));
  }

  private StoreKey start(Seconds range) {
    return prefix.number(range.from);
  }

  private StoreKey end(Seconds range) {
    return prefix.number(range.to).afterAll();
  }

  static StoreKey key(StoreKey prefix, Instant created, long number, String id) {
    return prefix.time(created).number(number).last(id);
  }

  private Optional<StoreKey> key(String id) {
    return created
        .apply(id)
        .map(at -> {
          var number = store.get(StoreKey.of(Table.NUMBER, id), Long.class);
          return key(prefix, at, Objects.requireNonNull(number), id);
        });
  }

  private List<String> page(StoreKey from, StoreKey to, Direction direction, int limit) {
    var ids = new ArrayList<String>();
    var idStart = prefix.time(Instant.EPOCH).number(0);
    store.scan(
        from,
        to,
        direction,
        (key, _) -> {
          ids.add(idStart.lastOf(key));
          return ids.size() < limit;
        });
    return ids;
  }
}
