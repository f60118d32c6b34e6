package shop.payment.psp;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the PSP is reached.
 *
 * @param base URL of its API; Stripe's is {@code https://api.stripe.com}
 * @param apiKey the secret key; there is no default
 * @param connectTimeout until a connection stands
 * @param readTimeout until the whole answer is there; then the outcome is unknown
 * @param lateWork how long it may go on with a call after that; until then a discarded refund may
 *     still be made
 * @param suspects how many orders in a row must fail before the PSP, and not each order by itself,
 *     is taken to be the trouble although it still answers questions
 */
@Validated
@ConfigurationProperties("shop.psp")
public record PspSettings(
    URI base,
    @DefaultValue("") String apiKey,
    @DefaultValue("2s") Duration connectTimeout,
    @DefaultValue("20s") Duration readTimeout,
    @DefaultValue("10s") Duration lateWork,
    @Min(2) @Max(1000) @DefaultValue("10") int suspects) {

  /** Refuses to start without a key, naming the remedy. */
  public PspSettings {
    if (apiKey.isBlank()) {
      throw new IllegalArgumentException(
          "There is no key for the payment provider: set PSP_API_KEY to its secret key"
              + " (locally the sandbox's SANDBOX_API_KEY, in production Stripe's sk_live_ key).");
    }
    if (!connectTimeout.isPositive() || !readTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "shop.psp.connect-timeout and shop.psp.read-timeout must be longer than zero.");
    }
    if (lateWork.isNegative()) {
      throw new IllegalArgumentException("shop.psp.late-work must not be below zero.");
    }
  }

  /** Leaves the key out, so that logging the settings is harmless. */
  @Override
  public String toString() {
    return "PspSettings[base=%s, connectTimeout=%s, readTimeout=%s, lateWork=%s, suspects=%d]"
        .formatted(base, connectTimeout, readTimeout, lateWork, suspects);
  }
}
