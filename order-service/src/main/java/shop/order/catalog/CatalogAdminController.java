package shop.order.catalog;

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
import shop.order.IdempotencyKey;

/** What admins change of products: what is said of them, and how many there are. */
@RestController
@RequestMapping(
    path = "/products/{sku}",
    consumes = MediaType.APPLICATION_JSON_VALUE,
    produces = MediaType.APPLICATION_JSON_VALUE)
class CatalogAdminController {

  private final Upserts upserts;
  private final Adjustments adjustments;

  CatalogAdminController(Upserts upserts, Adjustments adjustments) {
    this.upserts = upserts;
    this.adjustments = adjustments;
  }

  /**
   * A change of the stock, once it counts.
   *
   * @param id of the change, for ever
   * @param left pieces that can be sold now
   */
  record Adjustment(UUID id, String sku, long delta, long left) {}

  @PutMapping
  ResponseEntity<ProductView> put(
      @PathVariable String sku,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestHeader(name = "If-None-Match", required = false) @Nullable String ifNoneMatch,
      @Valid @RequestBody ProductRequest request) {
    var upserted = upserts.put(sku, request, new Upserts.Conditions(ifMatch, ifNoneMatch));
    var response =
        upserted.isNew()
            ? ResponseEntity.created(URI.create("/products/" + sku))
            : ResponseEntity.ok();
    return response.eTag(upserted.product().tag().toString()).body(upserted.product());
  }

  @PostMapping("/stock")
  ResponseEntity<Adjustment> adjust(
      @PathVariable String sku,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @Valid @RequestBody StockRequest request) {
    var adjusted = adjustments.adjust(sku, IdempotencyKey.required(key), request);
    var response = ResponseEntity.status(HttpStatus.CREATED);
    if (adjusted.replayed()) {
      response.header("Idempotent-Replayed", "true");
    }
    return response.body(
        new Adjustment(adjusted.id(), adjusted.sku(), adjusted.delta(), adjusted.left()));
  }
}
