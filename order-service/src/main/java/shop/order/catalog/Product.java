package shop.order.catalog;

import java.util.List;
import java.util.Optional;
import shop.common.money.Money;

/**
 * A product as the catalog's log last told it; also the data of {@code shop.product.upserted.v1}.
 *
 * @param sku its name for ever
 * @param name what customers call it
 * @param description a sentence or two
 * @param category where the shop shows it
 * @param prices one per currency
 */
public record Product(
    String sku, String name, String description, String category, List<Money> prices) {

  public static final String UPSERTED = "shop.product.upserted.v1";

  /** Its price; empty if it is not sold in that currency. */
  public Optional<Money> priceIn(String currency) {
    return prices.stream().filter(price -> price.currency().equals(currency)).findFirst();
  }
}
