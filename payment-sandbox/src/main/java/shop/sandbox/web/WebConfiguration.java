package shop.sandbox.web;

import java.time.Clock;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.sandbox.SandboxSettings;
import shop.sandbox.fault.Connections;
import shop.sandbox.fault.Faults;
import shop.sandbox.ledger.Books;
import shop.sandbox.ledger.Ledger;

/** Ties the books and the idempotency keys to the ledger that both are read from. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

  @Bean
  Books books() {
    return new Books();
  }

  @Bean
  IdempotencyKeys idempotencyKeys(Clock clock, SandboxSettings settings) {
    return new IdempotencyKeys(clock, settings.idempotencyKeyLife());
  }

  @Bean
  Ledger ledger(SandboxSettings settings, Books books, IdempotencyKeys keys) {
    return new Ledger(
        settings.dataDir(),
        settings.fsync(),
        (fact, span) -> {
          books.on(fact, span);
          keys.on(fact, span);
        });
  }

  @Bean
  CallPipeline calls(
      Books books,
      Ledger ledger,
      IdempotencyKeys keys,
      Faults faults,
      Connections connections,
      Clock clock) {
    return new CallPipeline(books, ledger, keys, faults, new ResponseWriter(connections), clock);
  }

  @Bean
  HealthIndicator ledgerHealthIndicator(Ledger ledger) {
    return () -> {
      var failure = ledger.failure();
      return failure == null
          ? Health.up().build()
          : Health.down().withDetail("reason", failure).build();
    };
  }
}
