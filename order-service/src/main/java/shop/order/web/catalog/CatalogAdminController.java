package shop.order.web.catalog;

import jakarta.validation.Valid;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.common.problem.Problem;
import shop.order.catalog.Adjustments;
import shop.order.catalog.Catalog;
import shop.order.catalog.Product;
import shop.order.catalog.Upserts;
import shop.order.store.Stock;
import shop.order.web.IdempotencyKeyHeader;

/** Changes of products and of their stock, for admins. */
@RestController
@RequestMapping(
    path = "/products/{sku}",
    consumes = MediaType.APPLICATION_JSON_VALUE,
    produces = MediaType.APPLICATION_JSON_VALUE)
class CatalogAdminController {

  private final Catalog catalog;
  private final Upserts upserts;
  private final Adjustments adjustments;
  private final Stock stock;

  CatalogAdminController(Catalog catalog, Upserts upserts, Adjustments adjustments, Stock stock) {
    this.catalog = catalog;
    this.upserts = upserts;
    this.adjustments = adjustments;
    this.stock = stock;
  }

  /**
   * An adjustment that the stock includes.
   *
   * @param id of the adjustment, the same for every request with its key
   * @param left pieces that can be sold now
   */
  record Adjustment(UUID id, String sku, long delta, long left) {}

  @PutMapping
  ResponseEntity<ProductView> put(
      @PathVariable String sku,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestHeader(name = "If-None-Match", required = false) @Nullable String ifNoneMatch,
      @Valid @RequestBody ProductRequest request) {
    var preconditions = new Preconditions(ifMatch, ifNoneMatch);
    var stored = catalog.find(sku);
    var next = request.product(sku, stored.map(Product::version).orElse(0L) + 1);
    if (stored.isPresent() && preconditions.isReplay(stored.get(), next)) {
      return response(ResponseEntity.ok(), stored.get());
    }
    preconditions.check(
        sku, stored, () -> ProductView.of(stored.orElseThrow(), stock.available(sku)).tag());
    if (!upserts.put(next)) {
      throw Preconditions.failed("Another change of the product was made first");
    }
    return response(
        stored.isPresent()
            ? ResponseEntity.ok()
            : ResponseEntity.created(URI.create("/products/" + sku)),
        next);
  }

  private ResponseEntity<ProductView> response(
      ResponseEntity.BodyBuilder response, Product product) {
    var view = ProductView.of(product, stock.available(product.sku()));
    return response.eTag(view.tag().entityTag().toString()).body(view);
  }

  @PostMapping("/stock")
  ResponseEntity<Adjustment> adjust(
      @PathVariable String sku,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @Valid @RequestBody StockRequest request) {
    var idempotencyKey = IdempotencyKeyHeader.required(key);
    if (catalog.find(sku).isEmpty()) {
      throw ProductsController.noSuchProduct(sku);
    }
    request.requireChange();
    return switch (adjustments.adjust(sku, idempotencyKey, request.delta(), request.reason())) {
      case Adjustments.Result.Applied(var id, var delta, var left, var replayed) -> {
        var response = ResponseEntity.status(HttpStatus.CREATED);
        if (replayed) {
          response.header("Idempotent-Replayed", "true");
        }
        yield response.body(new Adjustment(id, sku, delta, left));
      }
      case Adjustments.Result.KeyReused(var delta) -> throw keyReused(sku, delta);
      case Adjustments.Result.OutOfStock(var shortage) -> throw outOfStock(shortage);
    };
  }

  private static Problem keyReused(String sku, long delta) {
    return Problem.of(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "idempotency-key-reused",
            "Idempotency-Key was used for another request")
        .detail(
            "This Idempotency-Key was used to adjust the stock of %s by %d. Use a new key for"
                    .formatted(sku, delta)
                + " another adjustment");
  }

  private static Problem outOfStock(Stock.Shortage shortage) {
    return Problem.of(HttpStatus.CONFLICT, "out-of-stock", "Not enough stock")
        .detail("Only %d pieces of %s are left".formatted(shortage.available(), shortage.sku()))
        .with("sku", shortage.sku())
        .with("left", shortage.available());
  }
}
