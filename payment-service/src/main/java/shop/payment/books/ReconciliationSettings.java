package shop.payment.books;

import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the reconciliation that runs by itself.
 *
 * @param checkInterval between checks whether a window is due
 * @param window the time that one comparison covers; also how often each pass runs
 * @param passes the ages at which charges and refunds are compared, ascending
 */
@Validated
@ConfigurationProperties("shop.books.reconciliation")
record ReconciliationSettings(
    @DefaultValue("1m") Duration checkInterval,
    @DefaultValue("1h") Duration window,
    @NotEmpty @DefaultValue({"2m", "1d", "3d", "7d", "14d", "30d"}) List<Duration> passes) {

  ReconciliationSettings {
    passes = passes.stream().sorted().distinct().toList();
    // The PSP's times are whole seconds.
    if (!checkInterval.isPositive() || window.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "shop.books.reconciliation.check-interval must be above zero and"
              + " shop.books.reconciliation.window at least one second.");
    }
    if (passes.stream().anyMatch(Duration::isNegative)) {
      throw new IllegalArgumentException(
          "shop.books.reconciliation.passes must not be below zero.");
    }
  }
}
