package shop.order.archive;

import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads the tables as they are at one moment, while the follower goes on writing. */
@Component
public class ArchiveSnapshots {

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  ArchiveSnapshots(DataSource dataSource) {
    jdbc = JdbcClient.create(dataSource);
    transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    transaction.setReadOnly(true);
  }

  /**
   * How far the tables contain each partition of the log; partitions of which nothing is known are
   * missing.
   *
   * @throws org.springframework.core.NestedRuntimeException if PostgreSQL is unavailable
   */
  public Map<TopicPartition, Long> positions() {
    return new ArchiveSnapshot(jdbc).positions();
  }

  /**
   * Reads a snapshot, in one transaction.
   *
   * @throws org.springframework.core.NestedRuntimeException if PostgreSQL is unavailable
   */
  public void read(Consumer<ArchiveSnapshot> reader) {
    transaction.executeWithoutResult(_ -> {
      // Longer than a request's, shorter than the socket timeout: the follower's.
      jdbc.sql("SELECT set_config('statement_timeout', '12s', true)").query().singleValue();
      reader.accept(new ArchiveSnapshot(jdbc));
    });
  }
}
