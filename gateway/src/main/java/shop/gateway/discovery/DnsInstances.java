package shop.gateway.discovery;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import shop.balancing.Instance;

/**
 * The instances of a DNS name, looked up again and again. The records' time to live is not asked:
 * name servers in clusters give minutes for what changes within seconds, and they answer from
 * memory.
 */
final class DnsInstances implements InstanceSource {
  private static final double JITTER = 0.1;

  private final DnsUrl url;
  private final List<Mono<List<Instance>>> lookUps;
  private final DnsSettings settings;
  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final LongSupplier ticker;
  private final MeterRegistry meters;

  DnsInstances(
      DnsUrl url,
      DnsSettings settings,
      DnsClient dns,
      RandomGenerator random,
      LongSupplier ticker,
      MeterRegistry meters) {
    this.url = url;
    this.lookUps = new DnsLookUps(dns, settings).of(url);
    this.settings = settings;
    this.scheduler = dns.scheduler();
    this.random = random;
    this.ticker = ticker;
    this.meters = meters;
  }

  /** Begins with none: a gateway starts without the name servers. */
  @Override
  public Flux<List<Instance>> instances() {
    return Flux.defer(
            () -> {
              var answers =
                  new LastAnswers(
                      url.name(), lookUps.size(), settings.holdEmpty().toNanos(), ticker);
              return Flux.fromStream(IntStream.range(0, lookUps.size()).boxed())
                  .flatMap(n -> repeated(n, answers))
                  .map(_ -> answers.instances());
            })
        .subscribeOn(scheduler)
        .startWith(List.of())
        .distinctUntilChanged();
  }

  private Flux<Boolean> repeated(int lookUp, LastAnswers answers) {
    return lookUps
        .get(lookUp)
        .publishOn(scheduler)
        .map(answer -> {
          answers.answered(lookUp, answer);
          count(answer.isEmpty() ? "empty" : "answered");
          return true;
        })
        .onErrorResume(failure -> {
          answers.failed(lookUp, failure);
          count("failed");
          return Mono.just(false);
        })
        .repeatWhen(ends -> ends.concatMap(_ -> Mono.delay(pause(), scheduler)));
  }

  private void count(String result) {
    meters
        .counter("gateway.discovery.lookups", "service", url.service(), "result", result)
        .increment();
  }

  private Duration pause() {
    double part = 1 - JITTER * random.nextDouble();
    return Duration.ofNanos((long) (part * settings.interval().toNanos()));
  }
}
