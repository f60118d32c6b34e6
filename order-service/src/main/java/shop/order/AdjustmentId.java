package shop.order;

/** Identifies an adjustment of the stock of a product. */
public record AdjustmentId(String sku, String id) {}
