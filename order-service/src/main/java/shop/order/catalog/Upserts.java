package shop.order.catalog;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Service;
import shop.common.problem.Problem;

/**
 * Writes products without lost updates: the writer states the version that it creates, and of
 * several writes of one version the first in the log is applied.
 */
@Service
public class Upserts {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final Catalog catalog;
  private final CatalogLog log;

  Upserts(Catalog catalog, CatalogLog log) {
    this.catalog = catalog;
    this.log = log;
  }

  /**
   * Writes the next version of a product.
   *
   * @param next its version is that of the product it replaces plus one; 1 for a new product
   * @return false if another write of this version was appended first; this one has no effect then
   * @throws Problem 503 if the result is unknown
   */
  public boolean put(Product next) {
    String id = UUID.randomUUID().toString();
    var applied = catalog.applied(id);
    try {
      log.append(id, Product.UPSERTED, next.sku(), next);
      return applied.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw CatalogLog.resultUnknown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CatalogLog.resultUnknown();
    } finally {
      catalog.forget(id);
    }
  }
}
