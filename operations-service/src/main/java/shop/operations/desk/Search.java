package shop.operations.desk;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import shop.common.database.SqlText;
import shop.common.database.SqlTime;
import shop.operations.CauseGroup;
import shop.operations.DeadLetterSummary;
import shop.operations.DeskEntry;
import shop.operations.State;

/**
 * Finds entries. A frequent text is found among the newest entries; a rare one, of which these do
 * not contain enough, by the trigram index.
 */
public final class Search {

  /** How many of the newest entries are read for a text before the trigram index is used. */
  private static final List<Integer> NEWEST = List.of(200, 2_000);

  private static final int MAX_GROUPS = 1_000;
  private static final String NEWEST_FIRST = " ORDER BY failed_at DESC, id";

  private static final String TRIGRAMS =
      "WITH found AS MATERIALIZED (SELECT DISTINCT entry FROM texts WHERE text LIKE :text) ";

  private final JdbcClient jdbc;
  private final Desk desk;

  Search(JdbcClient jdbc, Desk desk) {
    this.jdbc = jdbc;
    this.desk = desk;
  }

  /**
   * The matching entries, newest first.
   *
   * @param after the position in the list to continue after; absent for the start
   * @param limit the maximum number of entries
   */
  public List<DeskEntry> find(EntryQuery query, @Nullable SortKey after, int limit) {
    if (query.text() != null) {
      for (int newest : NEWEST) {
        var found = amongNewest(query, after, limit, newest);
        if (found.size() == limit) {
          return found;
        }
      }
    }
    var where = where(query, after);
    return entries(
        jdbc.sql(select("*", query, where) + NEWEST_FIRST + " LIMIT :limit")
            .params(where.parameters())
            .param("limit", limit));
  }

  private List<DeskEntry> amongNewest(
      EntryQuery query, @Nullable SortKey after, int limit, int newest) {
    var where = where(query, after);
    // LIMIT 1 makes it a look-up for each of the entries.
    var sql =
        "SELECT newest.* FROM (SELECT * FROM entries WHERE "
            + where.sql()
            + NEWEST_FIRST
            + " LIMIT :newest) AS newest CROSS JOIN LATERAL (SELECT FROM texts"
            + " WHERE texts.entry = newest.id AND texts.text LIKE :text LIMIT 1) AS matching"
            + NEWEST_FIRST
            + " LIMIT :limit";
    return entries(
        jdbc.sql(sql).params(where.parameters()).param("newest", newest).param("limit", limit));
  }

  private List<DeskEntry> entries(StatementSpec query) {
    List<DeadLetterSummary> letters = query.query((row, _) -> EntryRows.letter(row)).list();
    var histories = desk.histories(letters.stream().map(DeadLetterSummary::id).toList());
    return letters.stream()
        .map(letter -> new DeskEntry(letter, Desk.history(histories, letter.id())))
        .toList();
  }

  /** The versions of all matching entries, newest first. */
  public List<EntryVersion> versions(EntryQuery query, int limit) {
    var where = where(query, null);
    return jdbc.sql(
            select("id, service, version, redrives", query, where) + NEWEST_FIRST + " LIMIT :limit")
        .params(where.parameters())
        .param("limit", limit)
        .query((row, _) ->
            new EntryVersion(
                row.getString("id"),
                row.getString("service"),
                row.getInt("version"),
                row.getInt("redrives")))
        .list();
  }

  /**
   * The matching entries grouped by exception and place of the latest failure, most frequent first;
   * at most {@value #MAX_GROUPS} groups.
   */
  public List<CauseGroup> groups(EntryQuery query) {
    var where = where(query, null);
    var columns =
        """
        coalesce(again_exception, exception) AS of_exception,
        coalesce(again_place, place) AS of_place, count(*) AS entries,
        min(failed_at) AS oldest, max(failed_at) AS newest
        """;
    return jdbc.sql(
            select(columns, query, where)
                + " GROUP BY 1, 2 ORDER BY entries DESC, of_exception, of_place LIMIT "
                + MAX_GROUPS)
        .params(where.parameters())
        .query((row, _) ->
            new CauseGroup(
                row.getString("of_exception"),
                row.getString("of_place"),
                row.getLong("entries"),
                SqlTime.get(row, "oldest"),
                SqlTime.get(row, "newest")))
        .list();
  }

  /** Selects columns of all matching entries; a text is looked up in the trigram index. */
  private static String select(String columns, EntryQuery query, Conditions where) {
    return query.text() == null
        ? "SELECT " + columns + " FROM entries WHERE " + where.sql()
        : TRIGRAMS
            + "SELECT "
            + columns
            + " FROM entries WHERE id IN (SELECT entry FROM found) AND "
            + where.sql();
  }

  private static Conditions where(EntryQuery query, @Nullable SortKey after) {
    var where = new Conditions().and("failed_at IS NOT NULL");
    equal(where, "service", query.service());
    equal(where, "topic", query.topic());
    equal(where, "consumer", query.group());
    equal(where, "coalesce(again_exception, exception)", "exception", query.exception());
    equal(where, "coalesce(again_place, place)", "place", query.place());
    states(where, query.states());
    if (query.cause() != null) {
      where.and(
          """
          (lower(coalesce(again_exception, exception)) LIKE :cause
            OR lower(coalesce(again_message, message)) LIKE :cause
            OR lower(coalesce(again_place, place)) LIKE :cause)\
          """,
          "cause",
          SqlText.containing(query.cause().toLowerCase(Locale.ROOT)));
    }
    if (query.from() != null) {
      where.and("failed_at >= :from", "from", SqlTime.of(query.from()));
    }
    if (query.to() != null) {
      where.and("failed_at < :to", "to", SqlTime.of(query.to()));
    }
    if (after != null) {
      where
          .and("failed_at <= :after AND (failed_at < :after OR id > :afterId)")
          .with("after", SqlTime.of(after.failedAt()))
          .with("afterId", SqlText.of(after.id()));
    }
    if (query.text() != null) {
      where.with("text", SqlText.containing(SearchText.of(query.text())));
    }
    return where;
  }

  private static void equal(Conditions where, String column, @Nullable String value) {
    equal(where, column, column, value);
  }

  private static void equal(
      Conditions where, String expression, String parameter, @Nullable String value) {
    if (value != null) {
      where.and(expression + " = :" + parameter, parameter, SqlText.of(value));
    }
  }

  /** One state has an index in the order of the list. */
  private static void states(Conditions where, Set<State> states) {
    if (states.size() == 1) {
      where.and("state = :state", "state", states.iterator().next().name());
    } else if (!states.isEmpty()) {
      where.and(
          "state = ANY(:states)",
          "states",
          states.stream().map(State::name).toArray(String[]::new));
    }
  }
}
