package shop.order.web.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.ServletWebRequest;
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
      CacheControl.maxAge(Duration.ofSeconds(5)).cachePublic().mustRevalidate();

  private final Catalog catalog;
  private final Stock stock;

  ProductsController(Catalog catalog, Stock stock) {
    this.catalog = catalog;
    this.stock = stock;
  }

  /** All products, on one page. */
  record Products(List<ProductView> items) {}

  @GetMapping
  @Nullable ResponseEntity<Products> list(ServletWebRequest request) {
    var products = List.copyOf(catalog.all());
    Map<String, Long> left = stock.available(products.stream().map(Product::sku).toList());
    var items =
        products.stream()
            .map(product -> ProductView.of(product, left.getOrDefault(product.sku(), 0L)))
            .toList();
    var body = new Products(items);
    String hash = Integer.toHexString(Json.MAPPER.writeValueAsString(body).hashCode());
    return respond(request, "\"" + hash + "\"", body);
  }

  @GetMapping("/{sku}")
  @Nullable ResponseEntity<ProductView> show(@PathVariable String sku, ServletWebRequest request) {
    var product = catalog.find(sku).orElseThrow(() -> noSuchProduct(sku));
    var body = ProductView.of(product, stock.available(sku));
    return respond(request, body.tag().toString(), body);
  }

  static Problem noSuchProduct(String sku) {
    return Problem.notFound("There is no product '" + sku + "'");
  }

  private static <T> @Nullable ResponseEntity<T> respond(
      ServletWebRequest request, String eTag, T body) {
    return request.checkNotModified(eTag)
        ? null
        : ResponseEntity.ok().eTag(eTag).cacheControl(CACHE).body(body);
  }
}
