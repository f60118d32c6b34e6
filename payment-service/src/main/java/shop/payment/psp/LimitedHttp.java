package shop.payment.psp;

import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.net.HttpClient;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes calls of the provider within its limits, and counts them. */
final class LimitedHttp extends HttpClient {

  private static final Logger log = LoggerFactory.getLogger(LimitedHttp.class);
  private static final int TOO_MANY_REQUESTS = 429;
  private static final String REASON = "Stripe-Rate-Limited-Reason";

  private final HttpClient http;
  private final CallLimiter limiter;
  private final Duration maxWait;
  private final MeterRegistry meters;
  private final Timer waits;
  private final Counter postponed;
  private final Counter rateLimited;

  /**
   * Creates a client.
   *
   * @param maxWait how long a call may wait for its turn
   */
  LimitedHttp(HttpClient http, CallLimiter limiter, Duration maxWait, MeterRegistry meters) {
    this.http = http;
    this.limiter = limiter;
    this.maxWait = maxWait;
    this.meters = meters;
    this.waits =
        Timer.builder("payments.provider.waits")
            .description("Waits for the token bucket of calls of the payment provider")
            .register(meters);
    this.postponed =
        Counter.builder("payments.provider.postponed")
            .description(
                "Calls that were not made, because the token bucket was empty for too long")
            .register(meters);
    this.rateLimited =
        Counter.builder("payments.provider.rate.limited")
            .description("Calls that the payment provider answered with 429")
            .register(meters);
  }

  /**
   * Makes a call.
   *
   * @throws RateLimitException without making it if its turn does not come within the maximum wait
   */
  @Override
  public StripeResponse request(StripeRequest request) throws StripeException {
    String endpoint =
        CallLimiter.endpoint(request.method().name(), String.valueOf(request.url().getPath()));
    waits.record(waitForTurn(endpoint));
    meters.counter("payments.provider.calls", "endpoint", endpoint).increment();
    var response = http.request(request);
    if (response.code() == TOO_MANY_REQUESTS) {
      String reason = response.headers().firstValue(REASON).orElse("");
      rateLimited.increment();
      if (limiter.onRateLimited(endpoint, reason)) {
        log.warn(
            "The payment provider answered {} with 429 ({}); this instance slows down, to at most"
                + " {} calls a second in all",
            endpoint,
            reason.isEmpty() ? "no reason" : reason,
            Math.round(limiter.rate()));
      }
    }
    return response;
  }

  private Duration waitForTurn(String endpoint) throws RateLimitException {
    Optional<Duration> waited;
    try {
      waited = limiter.acquire(endpoint, maxWait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      waited = Optional.empty();
    }
    if (waited.isEmpty()) {
      postponed.increment();
      throw new RateLimitException(
          "Not sent: the token bucket of the payment provider's calls is empty",
          null,
          null,
          "rate_limit",
          TOO_MANY_REQUESTS,
          null);
    }
    return waited.get();
  }
}
