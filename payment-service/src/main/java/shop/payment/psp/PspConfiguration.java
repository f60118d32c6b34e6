package shop.payment.psp;

import com.stripe.StripeClient;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.payment.PaymentProvider;
import shop.payment.books.ProviderBooks;

/**
 * The PSP, with the circuit breaker {@code psp} of {@code application.yml}, and another one with
 * the same configuration for refunds.
 */
@Configuration(proxyBeanMethods = false)
class PspConfiguration {

  /** Nobody waits for a report of the books with a bulkhead slot, so it may wait longer. */
  private static final Duration BOOKS_MAX_CALL_WAIT = Duration.ofSeconds(15);

  @Bean
  CallLimiter callLimiter(PspSettings settings, MeterRegistry meters) {
    var limiter =
        new CallLimiter(
            settings.callsPerSecond(), settings.endpointCallsPerSecond(), System::nanoTime);
    Gauge.builder("payments.provider.rate", limiter, CallLimiter::rate)
        .description(
            "Calls a second that the token bucket allows; less than configured after a 429")
        .register(meters);
    return limiter;
  }

  @Bean
  JdkHttp pspHttp(PspSettings settings) {
    return new JdkHttp(settings);
  }

  @Bean
  StripeClient stripe(
      PspSettings settings, JdkHttp pspHttp, CallLimiter limiter, MeterRegistry meters) {
    return client(settings, new LimitedHttp(pspHttp, limiter, settings.maxCallWait(), meters));
  }

  private static StripeClient client(PspSettings settings, LimitedHttp http) {
    return StripeClient.builder()
        .setApiKey(settings.apiKey())
        .setApiBase(settings.base().toString())
        .setHttpClient(http)
        // The consumer retries and counts the attempts.
        .setMaxNetworkRetries(0)
        .build();
  }

  @Bean
  PaymentProvider paymentProvider(
      StripeClient stripe, PspSettings settings, CircuitBreakerRegistry breakers) {
    var chargeBreaker = breakers.circuitBreaker("psp");
    var refundBreaker =
        breakers.circuitBreaker("psp-refunds", chargeBreaker.getCircuitBreakerConfig());
    return new GuardedProvider(new StripePayments(stripe), chargeBreaker, refundBreaker, settings);
  }

  /** Has no breaker: an admin's request must neither open it nor use a permit of a payment. */
  @Bean
  ProviderBooks providerBooks(
      PspSettings settings, JdkHttp pspHttp, CallLimiter limiter, MeterRegistry meters) {
    return new StripeBooks(
        client(settings, new LimitedHttp(pspHttp, limiter, BOOKS_MAX_CALL_WAIT, meters)));
  }
}
