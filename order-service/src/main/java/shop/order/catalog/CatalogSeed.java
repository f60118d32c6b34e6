package shop.order.catalog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.annotation.Order;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;
import shop.order.store.Stock;

/**
 * Fills a catalog that has no products from a file. Two instances that do so at once do no harm: of
 * two first versions the first in the log counts, and of two adjustments with the same id one.
 */
@Component
@Order
class CatalogSeed implements ApplicationRunner {

  private static final Logger log = LoggerFactory.getLogger(CatalogSeed.class);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CatalogSettings settings;
  private final Catalog catalog;
  private final TopicFollower follower;
  private final Stock stock;
  private final KafkaTemplate<byte[], byte[]> kafka;
  private final Clock clock;

  CatalogSeed(
      CatalogSettings settings,
      Catalog catalog,
      TopicFollower catalogFollower,
      Stock stock,
      KafkaTemplate<byte[], byte[]> kafka,
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
    List<CompletableFuture<?>> appended = new ArrayList<>();
    for (var entry : entries) {
      appended.addAll(append(entry));
    }
    CompletableFuture.allOf(appended.toArray(CompletableFuture[]::new)).join();
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

  private List<CompletableFuture<?>> append(CatalogFile.Entry entry) {
    String sku = entry.product().sku();
    Instant now = clock.instant();
    return List.of(
        send(envelope(Product.UPSERTED, sku, now), entry.product()),
        send(
            envelope(StockAdjusted.TYPE, sku, now).withId("seed/" + sku),
            new StockAdjusted(sku, entry.stock(), "first stock")));
  }

  private static Envelope envelope(String type, String sku, Instant now) {
    return Envelope.of(type, "order-service", sku, now);
  }

  private CompletableFuture<?> send(Envelope envelope, Object data) {
    return kafka.send(envelope.record(Topics.CATALOG.name(), data));
  }
}
