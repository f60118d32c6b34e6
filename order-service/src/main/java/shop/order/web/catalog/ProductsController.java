package shop.order.web.catalog;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.common.http.EntityTag;
import shop.common.json.Json;
import shop.common.problem.Problem;
import shop.order.catalog.Catalog;
import shop.order.catalog.Product;
import shop.order.store.Stock;

/** The products, for everyone. The number of pieces left may be some seconds old. */
@RestController
@RequestMapping(path = "/products", produces = MediaType.APPLICATION_JSON_VALUE)
class ProductsController {

  private static final CacheControl CACHE =
      CacheControl.maxAge(Duration.ofSeconds(5))
          .cachePublic()
          .staleWhileRevalidate(Duration.ofSeconds(5))
          .staleIfError(Duration.ofMinutes(1));

  private final Catalog catalog;
  private final Stock stock;

  ProductsController(Catalog catalog, Stock stock) {
    this.catalog = catalog;
    this.stock = stock;
  }

  /** All products, on one page. */
  record Products(List<ProductView> items) {}

  @GetMapping
  ResponseEntity<Products> list() {
    var products = List.copyOf(catalog.all());
    Map<String, Long> left = stock.available(products.stream().map(Product::sku).toList());
    var items =
        products.stream()
            .map(product -> ProductView.of(product, left.getOrDefault(product.sku(), 0L)))
            .toList();
    var body = new Products(items);
    return respond(digest(Json.bytes(body)), body);
  }

  @GetMapping("/{sku}")
  ResponseEntity<ProductView> show(@PathVariable String sku) {
    var product = catalog.find(sku).orElseThrow(() -> noSuchProduct(sku));
    var body = ProductView.of(product, stock.available(sku));
    return respond(body.tag().entityTag(), body);
  }

  static Problem noSuchProduct(String sku) {
    return Problem.notFound("There is no product '" + sku + "'");
  }

  private static <T> ResponseEntity<T> respond(EntityTag tag, T body) {
    return ResponseEntity.ok().eTag(tag.toString()).cacheControl(CACHE).body(body);
  }

  /** A strong tag of a list that has no version: different bytes have different tags. */
  private static EntityTag digest(byte[] json) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(json);
      return new EntityTag(Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
