package shop.payment.psp;

import com.stripe.StripeClient;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
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

  @Bean
  StripeClient stripe(PspSettings settings) {
    return StripeClient.builder()
        .setApiKey(settings.apiKey())
        .setApiBase(settings.base().toString())
        .setHttpClient(new JdkHttp(settings))
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
  ProviderBooks providerBooks(StripeClient stripe) {
    return new StripeBooks(stripe);
  }
}
