package shop.order.catalog;

/**
 * Pieces came in or were found missing: the data of {@code shop.stock.adjusted.v1}.
 *
 * @param sku of what
 * @param delta how many more, or fewer if negative
 * @param reason for the books
 */
public record StockAdjusted(String sku, long delta, String reason) {

  public static final String TYPE = "shop.stock.adjusted.v1";
}
