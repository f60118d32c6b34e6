package shop.order.web.catalog;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import shop.common.problem.Problem;
import shop.common.problem.Violation;
import shop.common.text.Text;

/**
 * A request to adjust the stock of a product.
 *
 * @param delta pieces that are added, or removed if negative; not 0
 * @param reason for the records
 */
record StockRequest(
    @Min(-1_000_000_000) @Max(1_000_000_000) long delta, @NotNull @Text(max = 500) String reason) {

  /**
   * @throws Problem 422 if the delta is 0
   */
  void requireChange() {
    if (delta == 0) {
      throw Problem.invalid(List.of(new Violation("/delta", "must not be 0")));
    }
  }
}
