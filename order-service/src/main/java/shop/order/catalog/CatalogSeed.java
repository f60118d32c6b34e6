package shop.order.catalog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.core.annotation.Order;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;
import shop.common.time.Polling;
import shop.order.StockAdjusted;
import shop.order.store.Stock;

/**
 * Loads the products of a file into an empty catalog, all in one transaction. Two instances may do
 * so at the same time: of two first versions the first in the log is applied, and of two
 * adjustments with the same id one.
 */
@Component
@Order
class CatalogSeed implements ApplicationRunner {

  private static final Logger log = LoggerFactory.getLogger(CatalogSeed.class);

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  /** How long the open transaction of a killed instance blocks readers. */
  private static final int TRANSACTION_TIMEOUT_MS = 10_000;

  private final CatalogSettings settings;
  private final Catalog catalog;
  private final TopicFollower follower;
  private final Stock stock;
  private final KafkaProperties kafka;
  private final Clock clock;

  CatalogSeed(
      CatalogSettings settings,
      Catalog catalog,
      TopicFollower catalogFollower,
      Stock stock,
      KafkaProperties kafka,
      Clock clock) {
    this.settings = settings;
    this.catalog = catalog;
    this.follower = catalogFollower;
    this.stock = stock;
    this.kafka = kafka;
    this.clock = clock;
  }

  /** Runs before the service is ready, so that no client sees a catalog without stock. */
  @Override
  public void run(ApplicationArguments arguments) throws InterruptedException {
    follower.awaitCaughtUp();
    var file = settings.seed();
    if (file == null || !catalog.all().isEmpty()) {
      return;
    }
    var rows = CatalogFile.read(file);
    append(rows);
    awaitStock(rows);
    log.info("Loaded {} products from {} into the empty catalog", rows.size(), file);
  }

  /** Waits until the projector, of this or another instance, has applied the initial stock. */
  private void awaitStock(List<CatalogFile.Row> rows) throws InterruptedException {
    var skus =
        rows.stream().filter(row -> row.stock() > 0).map(row -> row.product().sku()).toList();
    if (!Polling.await(TIMEOUT, POLL_INTERVAL, () -> stock.hasPieces(skus))) {
      log.warn(
          "The initial stock is not applied after {}; orders get out-of-stock until it is",
          TIMEOUT);
    }
  }

  /**
   * Appends all rows in one transaction.
   *
   * @throws KafkaException if none was appended
   */
  void append(List<CatalogFile.Row> rows) {
    Map<String, Object> settings = kafka.buildProducerProperties();
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
    // A new broker creates its transaction log first.
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT.toMillis());
    var producers = new DefaultKafkaProducerFactory<byte[], byte[]>(settings);
    producers.setTransactionIdPrefix("catalog-seed-" + UUID.randomUUID() + "-");
    try {
      var _ =
          new KafkaTemplate<>(producers)
              .executeInTransaction(transaction -> {
                rows.forEach(row -> append(row, transaction));
                return rows;
              });
    } finally {
      producers.destroy();
    }
  }

  private void append(CatalogFile.Row row, KafkaOperations<byte[], byte[]> transaction) {
    String sku = row.product().sku();
    Instant now = clock.instant();
    var upserted = envelope(Product.UPSERTED, sku, now);
    var adjusted = envelope(StockAdjusted.TYPE, sku, now).withId("seed/" + sku);
    var stock = new StockAdjusted(sku, row.stock(), "first stock");
    var _ = transaction.send(upserted.record(Topics.CATALOG.name(), row.product()));
    var _ = transaction.send(adjusted.record(Topics.CATALOG.name(), stock));
  }

  private static Envelope envelope(String type, String sku, Instant now) {
    return Envelope.of(type, "order-service", sku, now);
  }
}
