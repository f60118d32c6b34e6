package shop.order.placement;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import shop.common.money.Money;
import shop.common.problem.Problem;
import shop.common.problem.Violation;
import shop.order.OrderLine;
import shop.order.catalog.Catalog;
import shop.order.catalog.Product;

/** Puts the catalog's prices to what a customer asks for. */
@Component
class Pricing {

  private final Catalog catalog;

  Pricing(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * The priced lines of a request.
   *
   * @throws Problem 422 naming every unknown or repeated product and every missing price
   */
  List<OrderLine> price(OrderRequest request) {
    List<Violation> faults = new ArrayList<>();
    List<OrderLine> lines = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < request.items().size(); i++) {
      var item = request.items().get(i);
      String at = "/items/" + i + "/sku";
      if (!seen.add(item.sku())) {
        faults.add(new Violation(at, "'" + item.sku() + "' is there twice; add up the quantities"));
        continue;
      }
      Optional<Product> product = catalog.find(item.sku());
      if (product.isEmpty()) {
        faults.add(new Violation(at, "There is no product '" + item.sku() + "'"));
        continue;
      }
      Optional<Money> price = product.get().priceIn(request.currency());
      if (price.isEmpty()) {
        faults.add(
            new Violation(
                "/currency", "'" + item.sku() + "' has no price in " + request.currency()));
        continue;
      }
      lines.add(OrderLine.of(item.sku(), product.get().name(), item.quantity(), price.get()));
    }
    if (!faults.isEmpty()) {
      throw Problem.invalid(faults);
    }
    return lines;
  }

  static Money total(List<OrderLine> lines) {
    return lines.stream()
        .map(OrderLine::lineTotal)
        .reduce(Money::plus)
        .orElseThrow(() -> new IllegalArgumentException("An order has lines"));
  }
}
