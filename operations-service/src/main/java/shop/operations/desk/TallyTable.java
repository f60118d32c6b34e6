package shop.operations.desk;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.operations.State;

/** The table {@code tallies}: the number of entries by service and state. */
final class TallyTable {

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;

  TallyTable(JdbcTemplate jdbc) {
    this.jdbc = JdbcClient.create(jdbc);
    this.batches = jdbc;
  }

  /** What a tally counts. */
  record Key(String service, State state) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byService = service.compareTo(other.service);
      return byService == 0 ? state.compareTo(other.state) : byService;
    }
  }

  /** The changes of a batch. */
  static final class Changes {

    private final Map<Key, Integer> changes = new TreeMap<>();

    void add(String service, State state) {
      changes.merge(new Key(service, state), 1, Integer::sum);
    }

    void move(String service, State from, State to) {
      changes.merge(new Key(service, from), -1, Integer::sum);
      add(service, to);
    }
  }

  Map<Key, Long> counts() {
    Map<Key, Long> counts = new HashMap<>();
    jdbc.sql("SELECT * FROM tallies")
        .query(row -> {
          counts.put(
              new Key(row.getString("service"), State.valueOf(row.getString("state"))),
              row.getLong("entries"));
        });
    return counts;
  }

  void add(Changes changes) {
    batches.batchUpdate(
        """
        INSERT INTO tallies (service, state, entries) VALUES (?, ?, ?)
        ON CONFLICT (service, state) DO UPDATE SET entries = tallies.entries + excluded.entries
        """,
        changes.changes.entrySet().stream()
            .filter(change -> change.getValue() != 0)
            .map(change ->
                new Object[] {
                  change.getKey().service(), change.getKey().state().name(), change.getValue()
                })
            .toList());
  }
}
