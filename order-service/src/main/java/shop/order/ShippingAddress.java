package shop.order;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import shop.common.text.Text;

/**
 * The address that an order is sent to.
 *
 * @param name of the recipient
 * @param line1 street and number
 * @param city or town
 * @param postalCode as written in that country
 * @param country ISO 3166-1 alpha-2 code
 */
public record ShippingAddress(
    @NotNull @Text(max = 100) String name,
    @NotNull @Text(max = 200) String line1,
    @NotNull @Text(max = 100) String city,
    @NotNull @Text(max = 20) String postalCode,
    @NotNull @Pattern(regexp = "[A-Z]{2}", message = "must be two upper-case letters (ISO 3166-1)")
        String country) {}
