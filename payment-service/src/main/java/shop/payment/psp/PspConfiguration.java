package shop.payment.psp;

import com.stripe.StripeClient;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.payment.PaymentProvider;
import shop.payment.books.ProviderBooks;

/**
 * The PSP, with the circuit breaker that {@code application.yml} calls {@code psp}, and another
 * like it for refunds.
 */
@Configuration(proxyBeanMethods = false)
class PspConfiguration {

  @Bean
  StripeClient stripe(PspSettings settings) {
    return StripeClient.builder()
        .setApiKey(settings.apiKey())
        .setApiBase(settings.base().toString())
        .setHttpClient(new JdkHttp(settings))
        // Retries are the consumer's, which counts them.
        .setMaxNetworkRetries(0)
        .build();
  }

  @Bean
  PaymentProvider paymentProvider(
      StripeClient stripe, PspSettings settings, CircuitBreakerRegistry breakers) {
    var charging = breakers.circuitBreaker("psp");
    var refunding = breakers.circuitBreaker("psp-refunds", charging.getCircuitBreakerConfig());
    return new GuardedProvider(new StripePayments(stripe), charging, refunding, settings);
  }

  /** Outside the breaker: an admin's question neither opens it nor is worth a payment's place. */
  @Bean
  ProviderBooks providerBooks(StripeClient stripe) {
    return new StripeBooks(stripe);
  }
}
