package shop.order.web.catalog;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import shop.common.money.ChargeableAmounts;
import shop.common.money.Currencies;
import shop.common.money.Money;
import shop.common.problem.Problem;
import shop.common.problem.Violation;
import shop.common.text.Text;
import shop.order.catalog.Product;

/**
 * A request to create or replace a product.
 *
 * @param name shown to customers
 * @param description one or two sentences
 * @param category under which the shop lists it
 * @param prices one per currency
 */
record ProductRequest(
    @NotNull @Text(max = 200) String name,
    @NotNull @Text(min = 0, max = 2000, lines = true) String description,
    @NotNull @Text(max = 100) String category,
    @NotEmpty @Size(max = 50) List<@NotNull @Valid Price> prices) {

  private static final Pattern SKU = Pattern.compile("[A-Z0-9-]{1,64}");

  /**
   * The price of one piece in one currency.
   *
   * @param amount minor units
   * @param currency ISO 4217 code of a currency that the payment provider charges
   */
  record Price(@Positive @Max(ChargeableAmounts.MAX) long amount, @NotNull String currency) {
    Money money() {
      return new Money(amount, currency);
    }
  }

  /**
   * The product that this request asks for.
   *
   * @throws Problem 422 if the SKU is malformed, a currency is unknown or repeated, or the payment
   *     provider cannot charge a price
   */
  Product product(String sku, long version) {
    List<Violation> violations = new ArrayList<>();
    if (!SKU.matcher(sku).matches()) {
      violations.add(
          new Violation(
              "/sku", "The SKU in the path must be 1 to 64 characters out of A-Z, 0-9 and -"));
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < prices.size(); i++) {
      String currency = prices.get(i).currency();
      String pointer = "/prices/" + i + "/currency";
      if (!Currencies.exists(currency)) {
        violations.add(new Violation(pointer, "must be an ISO 4217 currency code, such as EUR"));
      } else if (!ChargeableAmounts.supports(currency)) {
        violations.add(
            new Violation(pointer, "must be a currency that the payment provider charges"));
      } else if (!seen.add(currency)) {
        violations.add(
            new Violation(
                pointer, "must not be repeated: there is already a price in " + currency));
      } else {
        String amountPointer = "/prices/" + i + "/amount";
        ChargeableAmounts.objection(prices.get(i).money())
            .ifPresent(objection -> violations.add(new Violation(amountPointer, objection)));
      }
    }
    if (!violations.isEmpty()) {
      throw Problem.invalid(violations);
    }
    var money = prices.stream().map(Price::money).toList();
    return new Product(sku, name, description, category, money, version);
  }
}
