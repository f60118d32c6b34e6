package shop.order.catalog;

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
import shop.common.money.Money;
import shop.common.problem.Problem;
import shop.order.store.Stock;

/** The products, for anyone; what is left of them may be some seconds old. */
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

  /** A product as it is shown, with the pieces that can still be sold. */
  record ProductView(
      String sku, String name, String description, String category, List<Money> prices, long left) {

    static ProductView of(Product product, long left) {
      return new ProductView(
          product.sku(),
          product.name(),
          product.description(),
          product.category(),
          product.prices(),
          left);
    }
  }

  /** All products; there is no further page. */
  record Products(List<ProductView> items) {}

  @GetMapping
  @Nullable ResponseEntity<Products> list(ServletWebRequest request) {
    var products = List.copyOf(catalog.all());
    Map<String, Long> left = stock.left(products.stream().map(Product::sku).toList());
    var items =
        products.stream()
            .map(product -> ProductView.of(product, left.getOrDefault(product.sku(), 0L)))
            .toList();
    return respond(request, new Products(items));
  }

  @GetMapping("/{sku}")
  @Nullable ResponseEntity<ProductView> show(@PathVariable String sku, ServletWebRequest request) {
    var product =
        catalog.find(sku).orElseThrow(() -> Problem.notFound("There is no product '" + sku + "'"));
    long left = stock.left(List.of(sku)).getOrDefault(sku, 0L);
    return respond(request, ProductView.of(product, left));
  }

  private static <T> @Nullable ResponseEntity<T> respond(ServletWebRequest request, T body) {
    String eTag =
        "\"" + Integer.toHexString(Json.MAPPER.writeValueAsString(body).hashCode()) + "\"";
    return request.checkNotModified(eTag)
        ? null
        : ResponseEntity.ok().eTag(eTag).cacheControl(CACHE).body(body);
  }
}
