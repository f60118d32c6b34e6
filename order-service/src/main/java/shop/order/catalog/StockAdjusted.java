package shop.order.catalog;

import java.util.List;
import shop.order.Fingerprint;

/**
 * Pieces were added to or removed from the stock: the data of {@code shop.stock.adjusted.v1}.
 *
 * @param sku of the product
 * @param delta pieces that were added, or removed if negative
 * @param reason for the records
 */
public record StockAdjusted(String sku, long delta, String reason) {

  public static final String TYPE = "shop.stock.adjusted.v1";

  /** Recognizes the repeated request for the adjustment. */
  public String fingerprint() {
    return Fingerprint.of(List.of(delta, reason));
  }
}
