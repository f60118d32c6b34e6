package shop.order;

import java.util.List;

/**
 * Pieces were added to or removed from the stock: the data of {@code shop.stock.adjusted.v1}.
 *
 * @param sku of the product
 * @param delta pieces that were added, or removed if negative; at most 10^12
 * @param reason for the records
 */
public record StockAdjusted(String sku, long delta, String reason) {

  public static final String TYPE = "shop.stock.adjusted.v1";

  /** Redis counts exactly to 2^53 in a script; thousands of the largest adjustments stay below. */
  private static final long MAX_DELTA = 1_000_000_000_000L;

  public StockAdjusted {
    if (delta < -MAX_DELTA || delta > MAX_DELTA) {
      throw new IllegalArgumentException("An adjustment of " + delta + " pieces is out of range");
    }
  }

  /** Recognizes the repeated request for the adjustment. */
  public String fingerprint() {
    return Fingerprint.of(List.of(delta, reason));
  }
}
