package shop.order.placement;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import shop.common.money.ChargeableAmounts;
import shop.common.money.Money;
import shop.common.problem.Problem;
import shop.common.problem.Violation;
import shop.order.OrderLine;
import shop.order.catalog.Catalog;
import shop.order.catalog.Product;

/** Prices the items of a request from the catalog. */
@Component
class Pricing {

  private final Catalog catalog;

  Pricing(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * The priced lines of a request.
   *
   * @throws Problem 422 that names every unknown or repeated product and every missing price, or a
   *     total that the payment provider cannot charge
   */
  List<OrderLine> price(OrderRequest request) {
    List<Violation> violations = new ArrayList<>();
    List<OrderLine> lines = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < request.items().size(); i++) {
      var item = request.items().get(i);
      String pointer = "/items/" + i + "/sku";
      if (!seen.add(item.sku())) {
        violations.add(
            new Violation(
                pointer, "must not be repeated: add up the quantities of '" + item.sku() + "'"));
        continue;
      }
      Optional<Product> product = catalog.find(item.sku());
      if (product.isEmpty()) {
        violations.add(new Violation(pointer, "There is no product '" + item.sku() + "'"));
        continue;
      }
      Optional<Money> price = product.get().priceIn(request.currency());
      if (price.isEmpty()) {
        violations.add(
            new Violation(
                "/currency", "'" + item.sku() + "' has no price in " + request.currency()));
        continue;
      }
      lines.add(OrderLine.of(item.sku(), product.get().name(), item.quantity(), price.get()));
    }
    if (!violations.isEmpty()) {
      throw Problem.invalid(violations);
    }
    requireChargeable(total(lines));
    return lines;
  }

  private static void requireChargeable(Money total) {
    boolean supported = ChargeableAmounts.supports(total.currency());
    ChargeableAmounts.objection(total)
        .ifPresent(objection -> {
          throw Problem.invalid(
              List.of(
                  new Violation(
                      supported ? "/items" : "/currency",
                      supported
                          ? "The total of %d %s".formatted(total.amount(), objection)
                          : objection)));
        });
  }

  static Money total(List<OrderLine> lines) {
    return lines.stream()
        .map(OrderLine::lineTotal)
        .reduce(Money::plus)
        .orElseThrow(() -> new IllegalArgumentException("An order has at least one line"));
  }
}
