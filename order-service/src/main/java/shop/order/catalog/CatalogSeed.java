package shop.order.catalog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
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
import shop.order.store.Stock;

/**
 * Fills a catalog that has no products from a file, whole or not at all. Two instances that do so
 * at once do no harm: of two first versions the first in the log counts, and of two adjustments
 * with the same id one.
 */
@Component
@Order
class CatalogSeed implements ApplicationRunner {

  private static final Logger log = LoggerFactory.getLogger(CatalogSeed.class);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** How long readers wait for what a killed instance began. */
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

  /** Runs before the service is ready, so that nobody meets a shop with empty shelves. */
  @Override
  public void run(ApplicationArguments arguments) throws InterruptedException {
    follower.awaitCaughtUp();
    var file = settings.seed();
    if (file == null || !catalog.all().isEmpty()) {
      return;
    }
    var entries = CatalogFile.read(file);
    append(entries);
    awaitOnShelves(entries);
    log.info("Filled the catalog with {} products of {}", entries.size(), file);
  }

  /** The projector applies what was appended, here or on another instance. */
  private void awaitOnShelves(List<CatalogFile.Entry> entries) throws InterruptedException {
    var skus =
        entries.stream()
            .filter(entry -> entry.stock() > 0)
            .map(entry -> entry.product().sku())
            .toList();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (stock.left(skus).values().stream().anyMatch(left -> left == 0)) {
      if (System.nanoTime() > deadline) {
        log.warn("The first stock is still not applied after {}; orders find none", PATIENCE);
        return;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /**
   * Appends all entries, or none.
   *
   * @throws KafkaException if it was none
   */
  void append(List<CatalogFile.Entry> entries) {
    Map<String, Object> settings = kafka.buildProducerProperties();
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
    // A broker that is new makes its log of transactions first.
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
    var producers = new DefaultKafkaProducerFactory<byte[], byte[]>(settings);
    producers.setTransactionIdPrefix("catalog-seed-" + UUID.randomUUID() + "-");
    try {
      var _ =
          new KafkaTemplate<>(producers)
              .executeInTransaction(transaction -> {
                entries.forEach(entry -> append(entry, transaction));
                return entries;
              });
    } finally {
      producers.destroy();
    }
  }

  private void append(CatalogFile.Entry entry, KafkaOperations<byte[], byte[]> transaction) {
    String sku = entry.product().sku();
    Instant now = clock.instant();
    var upserted = envelope(Product.UPSERTED, sku, now);
    var adjusted = envelope(StockAdjusted.TYPE, sku, now).withId("seed/" + sku);
    var stock = new StockAdjusted(sku, entry.stock(), "first stock");
    var _ = transaction.send(upserted.record(Topics.CATALOG.name(), entry.product()));
    var _ = transaction.send(adjusted.record(Topics.CATALOG.name(), stock));
  }

  private static Envelope envelope(String type, String sku, Instant now) {
    return Envelope.of(type, "order-service", sku, now);
  }
}
