package shop.order.catalog;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
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

/**
 * A product as an admin wants it.
 *
 * @param name what customers call it
 * @param description a sentence or two
 * @param category where the shop shows it
 * @param prices one per currency
 */
record ProductRequest(
    @NotBlank @Size(max = 200) String name,
    @NotNull @Size(max = 2000) String description,
    @NotBlank @Size(max = 100) String category,
    @NotEmpty @Size(max = 50) List<@NotNull @Valid Price> prices) {

  private static final Pattern SKU = Pattern.compile("[A-Z0-9-]{1,64}");

  private static final Set<String> CURRENCIES =
      Currency.getAvailableCurrencies().stream()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());

  /**
   * What a piece costs in one currency.
   *
   * @param amount minor units; a thousand pieces of a hundred products still add up
   * @param currency ISO 4217 code
   */
  record Price(@Positive @Max(1_000_000_000_000L) long amount, @NotNull String currency) {}

  /**
   * The product that this makes of a sku.
   *
   * @throws Problem 422 if the sku is none, or currencies are unknown or there twice
   */
  Product product(String sku, long version) {
    List<Violation> faults = new ArrayList<>();
    if (!SKU.matcher(sku).matches()) {
      faults.add(new Violation("/sku", "A sku in the path has 1 to 64 of A-Z, 0-9 and -"));
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < prices.size(); i++) {
      String currency = prices.get(i).currency();
      String at = "/prices/" + i + "/currency";
      if (!CURRENCIES.contains(currency)) {
        faults.add(new Violation(at, "must be a currency of ISO 4217, such as EUR"));
      } else if (!seen.add(currency)) {
        faults.add(new Violation(at, "There is a price in " + currency + " already"));
      }
    }
    if (!faults.isEmpty()) {
      throw Problem.invalid(faults);
    }
    var money = prices.stream().map(price -> new Money(price.amount(), price.currency())).toList();
    return new Product(sku, name, description, category, money, version);
  }
}
