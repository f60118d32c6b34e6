package shop.order;

import shop.common.money.Money;

/**
 * One product of an order, priced when the order was placed.
 *
 * @param sku of the product
 * @param name of the product when the order was placed
 * @param quantity pieces, at least 1
 * @param unitPrice of one piece
 * @param lineTotal of all pieces
 */
public record OrderLine(String sku, String name, int quantity, Money unitPrice, Money lineTotal) {

  public static OrderLine of(String sku, String name, int quantity, Money unitPrice) {
    return new OrderLine(sku, name, quantity, unitPrice, unitPrice.times(quantity));
  }
}
