package shop.order.catalog;

/**
 * Pieces were added to or removed from the stock: the data of {@code shop.stock.adjusted.v1}.
 *
 * @param sku of the product
 * @param delta pieces that were added, or removed if negative
 * @param reason for the records
 */
public record StockAdjusted(String sku, long delta, String reason) {

  public static final String TYPE = "shop.stock.adjusted.v1";
}
