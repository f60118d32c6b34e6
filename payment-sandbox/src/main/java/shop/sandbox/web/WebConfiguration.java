package shop.sandbox.web;

import java.time.Clock;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.sandbox.SandboxSettings;
import shop.sandbox.fault.Connections;
import shop.sandbox.fault.Faults;
import shop.sandbox.ledger.Ledger;
import shop.sandbox.ledger.LedgerState;

/** Connects the ledger with its listeners: the folded state and the idempotency keys. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

  @Bean
  LedgerState ledgerState() {
    return new LedgerState();
  }

  @Bean
  IdempotencyKeys idempotencyKeys(Clock clock, SandboxSettings settings) {
    return new IdempotencyKeys(clock, settings.idempotencyKeyLife());
  }

  @Bean
  Ledger ledger(SandboxSettings settings, LedgerState state, IdempotencyKeys keys) {
    return new Ledger(
        settings.dataDir(),
        settings.fsync(),
        (fact, range) -> {
          state.on(fact, range);
          keys.on(fact, range);
        });
  }

  @Bean
  CallPipeline callPipeline(
      LedgerState state,
      Ledger ledger,
      IdempotencyKeys keys,
      Faults faults,
      Connections connections,
      Clock clock) {
    return new CallPipeline(state, ledger, keys, faults, new ResponseWriter(connections), clock);
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
