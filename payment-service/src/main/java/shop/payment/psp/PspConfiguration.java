package shop.payment.psp;

import com.stripe.StripeClient;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.payment.PaymentProvider;

/** The PSP, with the circuit breaker that {@code application.yml} calls {@code psp}. */
@Configuration(proxyBeanMethods = false)
class PspConfiguration {

  @Bean
  PaymentProvider paymentProvider(PspSettings settings, CircuitBreakerRegistry breakers) {
    var stripe =
        StripeClient.builder()
            .setApiKey(settings.apiKey())
            .setApiBase(settings.base().toString())
            .setHttpClient(new JdkHttp(settings))
            // Retries are the consumer's, which counts them.
            .setMaxNetworkRetries(0)
            .build();
    return new GuardedProvider(
        new StripeProvider(stripe), breakers.circuitBreaker("psp"), settings.suspects());
  }
}
