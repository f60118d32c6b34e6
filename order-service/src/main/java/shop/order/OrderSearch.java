package shop.order;

import org.jspecify.annotations.Nullable;

/**
 * What orders are searched by, for admins.
 *
 * @param sku of a product that the order contains; null for all
 * @param minTotal the smallest sum, in the currency's smallest unit; null for all
 * @param maxTotal the largest sum; null for all
 * @param text that the name of one of the products or the tracking number contains, whatever the
 *     case; null for all
 */
public record OrderSearch(
    @Nullable String sku, @Nullable Long minTotal, @Nullable Long maxTotal, @Nullable String text) {

  /** True if it admits all orders. */
  public boolean isEmpty() {
    return sku == null && minTotal == null && maxTotal == null && text == null;
  }
}
