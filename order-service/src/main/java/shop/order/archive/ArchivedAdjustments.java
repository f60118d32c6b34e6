package shop.order.archive;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.common.database.Column;
import shop.common.database.SqlText;
import shop.order.AdjustmentId;

/** All adjustments of the stock, as PostgreSQL has them. */
@Repository
public class ArchivedAdjustments {

  private final JdbcClient jdbc;
  private final ArchiveQueries queries;

  ArchivedAdjustments(JdbcClient jdbc, ArchiveQueries queries) {
    this.jdbc = jdbc;
    this.queries = queries;
  }

  /**
   * An adjustment that counted.
   *
   * @param source the record that counted: topic-partition@offset
   */
  public record ArchivedAdjustment(long delta, String fingerprint, String source) {}

  /**
   * An adjustment by its id.
   *
   * @throws ArchiveUnavailable if PostgreSQL does not answer
   */
  public Answer<Optional<ArchivedAdjustment>> find(AdjustmentId id) {
    return queries.answer(() ->
        jdbc.sql("SELECT delta, fingerprint, source FROM adjustments WHERE sku = :sku AND id = :id")
            .param("sku", SqlText.of(id.sku()))
            .param("id", SqlText.of(id.id()))
            .query((row, _) ->
                new ArchivedAdjustment(
                    row.getLong("delta"), row.getString("fingerprint"), row.getString("source")))
            .optional());
  }

  /**
   * Those that are stored.
   *
   * @throws ArchiveUnavailable if PostgreSQL does not answer
   */
  public Answer<List<AdjustmentId>> stored(List<AdjustmentId> ids) {
    return queries.answer(() ->
        jdbc.sql(
                """
                SELECT sku, id FROM adjustments JOIN unnest(:skus::text[], :ids::text[]) AS row (sku, id) USING (sku, id)
                """)
            .param("skus", Column.texts(ids, AdjustmentId::sku))
            .param("ids", Column.texts(ids, AdjustmentId::id))
            .query((row, _) -> new AdjustmentId(row.getString("sku"), row.getString("id")))
            .list());
  }
}
