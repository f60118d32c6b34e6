package shop.order.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * A product as the catalog's log last told it; also the data of {@code shop.product.upserted.v1}.
 *
 * @param sku its name for ever
 * @param name what customers call it
 * @param description a sentence or two
 * @param category where the shop shows it
 * @param prices one per currency
 * @param version 1, 2, 3 … without gap; {@link #UNNUMBERED} in records from before there were any
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

  /** Its price; empty if it is not sold in that currency. */
  public Optional<Money> priceIn(String currency) {
    return prices.stream().filter(price -> price.currency().equals(currency)).findFirst();
  }

  Product withVersion(long other) {
    return new Product(sku, name, description, category, prices, other);
  }

  /** True if nothing but the version differs. */
  boolean saysTheSame(Product other) {
    return withVersion(other.version).equals(other);
  }
}
