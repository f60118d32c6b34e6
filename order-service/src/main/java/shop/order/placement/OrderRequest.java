package shop.order.placement;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shop.common.text.Text;
import shop.order.Fingerprint;
import shop.order.ShippingAddress;

/**
 * A request to place an order. It contains no prices: they come from the catalog.
 *
 * @param items products and quantities
 * @param currency ISO 4217 code of the currency to pay in
 * @param paymentMethod the payment provider's id of the customer's card
 * @param shippingAddress where the order is sent
 */
public record OrderRequest(
    @NotEmpty @Size(max = 100) List<@NotNull @Valid Item> items,
    @NotNull @Pattern(regexp = "[A-Z]{3}", message = "must be three upper-case letters (ISO 4217)")
        String currency,
    @NotNull
        @Pattern(
            regexp = "pm_[A-Za-z0-9_]{1,60}",
            message = "must be a payment method id of the provider, such as pm_card_visa")
        String paymentMethod,
    @NotNull @Valid ShippingAddress shippingAddress) {

  /**
   * One product of the order.
   *
   * @param sku of the product
   * @param quantity pieces, 1 to 1,000
   */
  public record Item(@NotNull @Text(max = 64) String sku, @Min(1) @Max(1000) int quantity) {}

  /** The quantity of each SKU. */
  Map<String, Integer> pieces() {
    Map<String, Integer> pieces = new LinkedHashMap<>();
    items.forEach(item -> pieces.merge(item.sku(), item.quantity(), Integer::sum));
    return pieces;
  }

  /** SHA-256 of the canonical request, which does not depend on the sequence of the items. */
  String fingerprint() {
    var sorted = items.stream().sorted(Comparator.comparing(Item::sku)).toList();
    var canonical = new OrderRequest(sorted, currency, paymentMethod, shippingAddress);
    return Fingerprint.of(canonical);
  }
}
