package shop.sandbox.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import shop.sandbox.Fact;
import shop.sandbox.ledger.LedgerStore.Direction;
import shop.sandbox.ledger.StoreKey.Table;

/**
 * The first response of each idempotency key, on disk. Each new key removes up to {@link #REMOVED}
 * expired ones, so the number of keys stays that of their life.
 */
public final class StoredKeys implements FactListener {

  private static final int REMOVED = 4;
  private static final StoreKey BY_TIME = StoreKey.of(Table.KEY_BY_TIME);

  private final LedgerStore store;
  private final Clock clock;
  private final Duration life;
  // Where expired keys begin: scanning from the table's start would pass what was removed before.
  private StoreKey oldest = BY_TIME;

  /**
   * Keys in a store.
   *
   * @param life how long a response is replayed
   */
  public StoredKeys(LedgerStore store, Clock clock, Duration life) {
    this.store = store;
    this.clock = clock;
    this.life = life;
  }

  /** The first response under the key, unless it has expired. */
  public Optional<Fact.KeyStored> find(String key) {
    return Optional.ofNullable(store.get(StoreKey.of(Table.KEY, key), Fact.KeyStored.class))
        .filter(stored -> clock.instant().isBefore(stored.at().plus(life)));
  }

  @Override
  public void on(Fact fact, LedgerStore.Batch batch) {
    if (fact instanceof Fact.KeyStored f) {
      removeExpired(batch);
      batch.put(StoreKey.of(Table.KEY, f.key()), f);
      batch.put(entry(f));
    }
  }

  private void removeExpired(LedgerStore.Batch batch) {
    var expired = BY_TIME.time(clock.instant().minus(life)).afterAll();
    var keyStart = BY_TIME.time(Instant.EPOCH);
    var removed = new int[1];
    store.scan(
        oldest,
        expired,
        Direction.ASCENDING,
        (entry, _) -> {
          var byTime = new StoreKey(entry);
          var key = keyStart.lastOf(entry);
          var stored = batch.get(StoreKey.of(Table.KEY, key), Fact.KeyStored.class);
          // The key may have been used again since.
          if (stored != null && entry(stored).equals(byTime)) {
            batch.delete(StoreKey.of(Table.KEY, key));
          }
          batch.delete(byTime);
          oldest = byTime.next();
          return ++removed[0] < REMOVED;
        });
  }

  private static StoreKey entry(Fact.KeyStored stored) {
    return BY_TIME.time(stored.at()).last(stored.key());
  }
}
