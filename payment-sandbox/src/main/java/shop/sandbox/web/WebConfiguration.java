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
import shop.sandbox.ledger.LedgerStore;
import shop.sandbox.ledger.StoredKeys;

/**
 * Connects the ledger with its store and its listeners: the folded state and the idempotency keys.
 */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

  @Bean
  LedgerStore ledgerStore(SandboxSettings settings) {
    return LedgerStore.open(settings.dataDir());
  }

  @Bean
  LedgerState ledgerState(LedgerStore store) {
    return new LedgerState(store);
  }

  @Bean
  StoredKeys storedKeys(LedgerStore store, Clock clock, SandboxSettings settings) {
    return new StoredKeys(store, clock, settings.idempotencyKeyLife());
  }

  @Bean
  Ledger ledger(SandboxSettings settings, LedgerStore store, LedgerState state, StoredKeys keys) {
    return new Ledger(
        store,
        settings.fsync(),
        (fact, batch) -> {
          state.on(fact, batch);
          keys.on(fact, batch);
        });
  }

  @Bean
  CallPipeline callPipeline(
      LedgerState state,
      Ledger ledger,
      StoredKeys keys,
      Faults faults,
      Connections connections,
      Clock clock) {
    return new CallPipeline(
        state, ledger, new IdempotencyKeys(keys), faults, new ResponseWriter(connections), clock);
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
