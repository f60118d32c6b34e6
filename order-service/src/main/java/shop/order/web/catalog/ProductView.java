package shop.order.web.catalog;

import java.util.List;
import shop.common.money.Money;
import shop.order.catalog.Product;

/**
 * A product in a response.
 *
 * @param version number of its last change, from 1
 * @param left the pieces that can still be sold; may be some seconds old
 */
record ProductView(
    String sku,
    String name,
    String description,
    String category,
    List<Money> prices,
    long version,
    long left) {

  static ProductView of(Product product, long left) {
    return new ProductView(
        product.sku(),
        product.name(),
        product.description(),
        product.category(),
        product.prices(),
        product.version(),
        left);
  }

  ProductTag tag() {
    return new ProductTag(version, left);
  }
}
