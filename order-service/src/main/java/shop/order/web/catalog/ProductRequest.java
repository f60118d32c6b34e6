package shop.order.web.catalog;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

  private static final Set<String> CURRENCIES =
      Currency.getAvailableCurrencies().stream()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());

  /**
   * The price of one piece in one currency.
   *
   * @param amount minor units; low enough that 100 lines of 1,000 pieces do not overflow a long
   * @param currency ISO 4217 code
   */
  record Price(@Positive @Max(1_000_000_000_000L) long amount, @NotNull String currency) {}

  /**
   * The product that this request asks for.
   *
   * @throws Problem 422 if the SKU is malformed, or a currency is unknown or repeated
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
      if (!CURRENCIES.contains(currency)) {
        violations.add(new Violation(pointer, "must be an ISO 4217 currency code, such as EUR"));
      } else if (!seen.add(currency)) {
        violations.add(
            new Violation(
                pointer, "must not be repeated: there is already a price in " + currency));
      }
    }
    if (!violations.isEmpty()) {
      throw Problem.invalid(violations);
    }
    var money = prices.stream().map(price -> new Money(price.amount(), price.currency())).toList();
    return new Product(sku, name, description, category, money, version);
  }
}
