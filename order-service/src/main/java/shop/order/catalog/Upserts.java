package shop.order.catalog;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import shop.common.problem.Problem;
import shop.order.store.Stock;

/**
 * Changes products without losing a change: whoever writes names the version that is to be
 * replaced, and of two who name the same one the first in the log wins.
 */
@Service
class Upserts {

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Catalog catalog;
  private final CatalogLog log;
  private final Stock stock;

  Upserts(Catalog catalog, CatalogLog log, Stock stock) {
    this.catalog = catalog;
    this.log = log;
    this.stock = stock;
  }

  /**
   * What the caller believes to be there (RFC 9110, 13.1).
   *
   * @param ifMatch the tag of the product that is replaced
   * @param ifNoneMatch {@code *} for a product that is not there yet
   */
  record Conditions(@Nullable String ifMatch, @Nullable String ifNoneMatch) {}

  /** A product as it is now; new if there was none before. */
  record Upserted(ProductView product, boolean isNew) {}

  /**
   * Writes a product.
   *
   * @throws Problem 422 if it is not acceptable, 412 if something else is there than the caller
   *     believes, 428 if the caller does not say, 503 if the outcome is unknown
   */
  Upserted put(String sku, ProductRequest request, Conditions conditions) {
    Optional<Product> present = catalog.find(sku);
    var wanted = request.product(sku, present.map(Product::version).orElse(0L) + 1);
    if (present.isPresent()) {
      if (isDoneAlready(present.get(), wanted, conditions)) {
        return new Upserted(view(present.get()), false);
      }
      requireMatch(present.get(), conditions);
    } else if (conditions.ifMatch() != null) {
      throw failed("There is no product '" + sku + "' yet; send it without If-Match");
    }
    append(wanted);
    return new Upserted(view(wanted), present.isEmpty());
  }

  /**
   * True if the very change was made on the version that the caller names: the answer to it was
   * lost, and RFC 9110 (13.1.1) allows to say so instead of failing.
   */
  private static boolean isDoneAlready(Product present, Product wanted, Conditions conditions) {
    @Nullable String ifMatch = conditions.ifMatch();
    return ifMatch != null
        && present.saysTheSame(wanted)
        && !new ProductTag(present.version(), 0).isNamedBy(ifMatch)
        && new ProductTag(present.version() - 1, 0).isNamedBy(ifMatch);
  }

  private static void requireMatch(Product present, Conditions conditions) {
    if (conditions.ifNoneMatch() != null) {
      throw failed("There is a product '" + present.sku() + "' already");
    }
    if (conditions.ifMatch() == null) {
      throw Problem.of(
              HttpStatus.PRECONDITION_REQUIRED, "precondition-required", "If-Match is missing")
          .detail("Send If-Match with the ETag of the product that you mean to replace");
    }
    if (!new ProductTag(present.version(), 0).isNamedBy(conditions.ifMatch())) {
      throw failed("The product was changed; it has version " + present.version() + " now");
    }
  }

  private void append(Product wanted) {
    String id = UUID.randomUUID().toString();
    var fate = catalog.fate(id);
    try {
      log.append(id, Product.UPSERTED, wanted.sku(), wanted);
      if (!fate.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed("Another change of the product came first");
      }
    } catch (TimeoutException | ExecutionException e) {
      throw CatalogLog.unknown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CatalogLog.unknown();
    } finally {
      catalog.forget(id);
    }
  }

  private ProductView view(Product product) {
    return ProductView.of(product, stock.left(product.sku()));
  }

  private static Problem failed(String detail) {
    return Problem.of(HttpStatus.PRECONDITION_FAILED, "precondition-failed", "Precondition failed")
        .detail(detail + ". Read the product again before you change it");
  }
}
