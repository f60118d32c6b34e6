package shop.gateway.discovery;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import shop.balancing.Instance;
import shop.gateway.discovery.SliceMessages.Event;

/**
 * The instances of a Kubernetes Service: its EndpointSlices are listed, and watched from the list's
 * version on. After a failure they are listed again; meanwhile the last ones stay, however old.
 */
final class EndpointSlices implements InstanceSource {

  private static final Logger log = LoggerFactory.getLogger(EndpointSlices.class);
  private static final int MAX_PAGES = ServiceSlices.MAX_SLICES / KubernetesClient.SLICES_PER_PAGE;
  private static final int MAX_DOUBLINGS = 16;
  private static final double JITTER = 0.1;

  private final SliceUrl url;
  private final KubernetesSettings settings;
  private final KubernetesClient client;
  private final RandomGenerator random;
  private final MeterRegistry meters;

  EndpointSlices(
      SliceUrl url,
      KubernetesSettings settings,
      KubernetesClient client,
      RandomGenerator random,
      MeterRegistry meters) {
    this.url = url;
    this.settings = settings;
    this.client = client;
    this.random = random;
    this.meters = meters;
  }

  /** Begins with none: a gateway starts without the API server. */
  @Override
  public Flux<List<Instance>> instances() {
    return Flux.defer(() -> new Following().instances())
        .subscribeOn(client.scheduler())
        .startWith(List.of())
        .distinctUntilChanged();
  }

  /** What one subscriber knows. Used on the client's thread only. */
  private final class Following {
    private final ServiceSlices slices = new ServiceSlices(url, settings);

    /** From which changes are watched; null if the slices must be listed. */
    private @Nullable String version;

    /** Why it failed last; null while the endpoints are watched. */
    private @Nullable String failure;

    private boolean watching;
    private long watchingSince;

    /** In succession, without an event, the end of a watch or a long one between them. */
    private int failures;

    Flux<List<Instance>> instances() {
      return Flux.defer(this::once)
          .onErrorResume(failure -> {
            failed(failure);
            return Flux.empty();
          })
          .repeatWhen(ends -> ends.concatMap(_ -> Mono.delay(pause(), client.scheduler())));
    }

    private Flux<List<Instance>> once() {
      return version == null ? list().concatWith(Flux.defer(this::watch)) : watch();
    }

    private Flux<List<Instance>> list() {
      return client
          .list(url, null)
          .expand(page -> page.next() == null ? Mono.empty() : client.list(url, page.next()))
          .take(MAX_PAGES)
          .collectList()
          .map(this::listed)
          .flux();
    }

    private List<Instance> listed(List<SliceMessages.Page> pages) {
      if (pages.getLast().next() != null) {
        throw new LookUpFailedException(
            url.name() + " has more than " + ServiceSlices.MAX_SLICES + " EndpointSlices", null);
      }
      slices.replace(pages.stream().flatMap(page -> page.slices().stream()).toList());
      version = pages.getLast().version();
      var instances = slices.instances();
      count(instances.isEmpty() ? "empty" : "answered");
      return instances;
    }

    private Flux<List<Instance>> watch() {
      return client
          .watch(url, Objects.requireNonNull(version), watchTime())
          .<List<Instance>>handle((line, sink) -> {
            if (line.length == 0) {
              accepted();
            } else {
              apply(SliceMessages.event(line));
              sink.next(slices.instances());
            }
          })
          .doOnComplete(() -> {
            failures = 0;
            watching = false;
          });
    }

    private void accepted() {
      count("answered");
      if (failure != null) {
        failure = null;
        log.info("Endpoints of {} are watched again", url.name());
      }
      watching = true;
      watchingSince = now();
    }

    private long now() {
      return client.scheduler().now(TimeUnit.MILLISECONDS);
    }

    private void apply(Event event) {
      switch (event) {
        case Event.Written written -> slices.put(written.slice());
        case Event.Deleted deleted -> slices.remove(deleted.name());
        case Event.Bookmark _ -> {}
      }
      version = event.version();
      failures = 0;
    }

    /** A watch that breaks off is no event worth a warning, if the list that follows succeeds. */
    private void failed(Throwable thrown) {
      if (watching && now() - watchingSince > settings.timeout().toMillis()) {
        failures = 0;
      }
      boolean interrupted = watching && failures == 0;
      var reason = String.valueOf(thrown.getMessage());
      version = null;
      watching = false;
      failures++;
      if (thrown instanceof VersionGoneException || interrupted) {
        count("interrupted");
        log.info("Listing the endpoints of {} again: {}", url.name(), reason);
        return;
      }
      count("failed");
      if (!reason.equals(failure)) {
        failure = reason;
        log.warn(
            "Endpoints of {} cannot be watched; keeping its {} instances and trying again: {}",
            url.name(),
            slices.instances().size(),
            reason);
      }
    }

    /** Short after a watch that the server has ended, longer with each failure. */
    private Duration pause() {
      if (failures == 0) {
        return part(settings.backoff(), random.nextDouble() / 2);
      }
      long doubled = settings.backoff().toMillis() << Math.min(failures - 1, MAX_DOUBLINGS);
      long longest = Math.min(doubled, settings.maxBackoff().toMillis());
      return part(Duration.ofMillis(longest), 0.5 + random.nextDouble() / 2);
    }
  }

  private Duration watchTime() {
    return part(settings.watchTime(), 1 - JITTER * random.nextDouble());
  }

  private static Duration part(Duration whole, double part) {
    return Duration.ofNanos((long) (part * whole.toNanos()));
  }

  private void count(String result) {
    meters
        .counter("gateway.discovery.lookups", "service", url.service(), "result", result)
        .increment();
  }
}
