package shop.payment.psp;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The connection to the PSP, and when its failures count as an outage.
 *
 * @param base base URL of its API; Stripe's is {@code https://api.stripe.com}
 * @param apiKey the secret key; there is no default
 * @param connectTimeout until a connection is established
 * @param readTimeout until the whole response is read; after it the outcome is unknown
 * @param completionGrace how long the PSP may continue to process a call after the read timeout;
 *     until then it may still execute a discarded refund
 * @param outageThreshold distinct orders whose calls must fail in a row to count as an outage of
 *     the PSP, although it still responds to read calls
 * @param callsPerSecond calls of this instance; all instances share the account's limit
 * @param endpointCallsPerSecond calls of this instance to one endpoint
 * @param maxCallWait how long a call waits for its turn with a bulkhead slot; if it would take
 *     longer, its order waits without one
 */
@Validated
@ConfigurationProperties("shop.psp")
public record PspSettings(
    URI base,
    @DefaultValue("") String apiKey,
    @DefaultValue("2s") Duration connectTimeout,
    @DefaultValue("20s") Duration readTimeout,
    @DefaultValue("10s") Duration completionGrace,
    @Min(2) @Max(1000) @DefaultValue("10") int outageThreshold,
    @Min(1) @DefaultValue("40") int callsPerSecond,
    @Min(1) @DefaultValue("10") int endpointCallsPerSecond,
    @DefaultValue("1s") Duration maxCallWait) {

  private static final Pattern LIVE_KEY = Pattern.compile("(sk|rk)_live_.*");

  /** Requires the API key, and TLS for a live one; the exception names the environment variable. */
  public PspSettings {
    if (apiKey.isBlank()) {
      throw new IllegalArgumentException(
          "The API key of the payment provider is missing: set PSP_API_KEY to its secret key"
              + " (locally the sandbox's SANDBOX_API_KEY, in production Stripe's sk_live_ key).");
    }
    if (LIVE_KEY.matcher(apiKey.strip()).matches() && !"https".equalsIgnoreCase(base.getScheme())) {
      throw new IllegalArgumentException(
          ("PSP_API_KEY is a live key, but PSP_BASE is %s: a live key is sent over TLS only. Set"
                  + " PSP_BASE to https://api.stripe.com, or PSP_API_KEY to a test key.")
              .formatted(base));
    }
    if (maxCallWait.isNegative()) {
      throw new IllegalArgumentException("shop.psp.max-call-wait must not be below zero.");
    }
    if (!connectTimeout.isPositive() || !readTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "shop.psp.connect-timeout and shop.psp.read-timeout must be longer than zero.");
    }
    if (completionGrace.isNegative()) {
      throw new IllegalArgumentException("shop.psp.completion-grace must not be below zero.");
    }
  }

  /** Omits the API key, so that the settings can be logged. */
  @Override
  public String toString() {
    return "PspSettings[base=%s, connectTimeout=%s, readTimeout=%s, completionGrace=%s, outageThreshold=%d, callsPerSecond=%d, endpointCallsPerSecond=%d, maxCallWait=%s]"
        .formatted(
            base,
            connectTimeout,
            readTimeout,
            completionGrace,
            outageThreshold,
            callsPerSecond,
            endpointCallsPerSecond,
            maxCallWait);
  }
}
