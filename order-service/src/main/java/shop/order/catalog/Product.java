package shop.order.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * The last version of a product in the log {@code catalog}; also the data of {@code
 * shop.product.upserted.v1}.
 *
 * @param sku its permanent id
 * @param name shown to customers
 * @param description one or two sentences
 * @param category under which the shop lists it
 * @param prices one per currency
 * @param version 1, 2, 3 … without gaps; {@link #UNNUMBERED} in records that were written before
 *     products had versions
 */
public record Product(
    String sku,
    String name,
    String description,
    String category,
    List<Money> prices,
    long version) {

  public static final String UPSERTED = "shop.product.upserted.v1";

  static final long UNNUMBERED = 0;

  @JsonCreator
  static Product read(
      @JsonProperty("sku") String sku,
      @JsonProperty("name") String name,
      @JsonProperty("description") String description,
      @JsonProperty("category") String category,
      @JsonProperty("prices") List<Money> prices,
      @JsonProperty("version") @Nullable Long version) {
    return new Product(
        sku, name, description, category, prices, version == null ? UNNUMBERED : version);
  }

  /** The price in a currency; empty if the product is not sold in it. */
  public Optional<Money> priceIn(String currency) {
    return prices.stream().filter(price -> price.currency().equals(currency)).findFirst();
  }

  Product withVersion(long other) {
    return new Product(sku, name, description, category, prices, other);
  }

  /** True if the products differ in their version at most. */
  public boolean equalsIgnoringVersion(Product other) {
    return withVersion(other.version).equals(other);
  }
}
