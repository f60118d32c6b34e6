package shop.gateway.discovery;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.springframework.stereotype.Component;

/** Makes the source of a service's instances from the URLs in the configuration. */
@Component
public final class InstanceSources {
  private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();

  private final DnsSettings settings;
  private final DnsClient dns;
  private final KubernetesSettings kubernetesSettings;
  private final KubernetesClient kubernetes;
  private final MeterRegistry meters;

  InstanceSources(
      DnsSettings settings,
      DnsClient dns,
      KubernetesSettings kubernetesSettings,
      KubernetesClient kubernetes,
      MeterRegistry meters) {
    this.settings = settings;
    this.dns = dns;
    this.kubernetesSettings = kubernetesSettings;
    this.kubernetes = kubernetes;
    this.meters = meters;
  }

  /**
   * The source of a service's instances.
   *
   * @param urls see {@link InstanceUrl}, {@link DnsUrl} and {@link SliceUrl}
   * @throws IllegalArgumentException if there is none or one is wrong; names the service
   */
  public InstanceSource of(String service, List<String> urls) {
    if (urls.isEmpty()) {
      throw new IllegalArgumentException(
          service + " has no instances; configure base URLs, separated by commas");
    }
    var sources = new ArrayList<InstanceSource>();
    sources.add(
        new ConfiguredInstances(
            urls.stream()
                .filter(url -> !DnsUrl.matches(url) && !SliceUrl.matches(url))
                .map(url -> InstanceUrl.parse(service, url))
                .toList()));
    urls.stream()
        .filter(DnsUrl::matches)
        .map(url -> DnsUrl.parse(service, url))
        .map(url -> new DnsInstances(url, settings, dns, RANDOM, System::nanoTime, meters))
        .forEach(sources::add);
    urls.stream()
        .filter(SliceUrl::matches)
        .map(url -> SliceUrl.parse(service, url))
        .map(url -> new EndpointSlices(url, kubernetesSettings, kubernetes, RANDOM, meters))
        .forEach(sources::add);
    return new CombinedInstances(service, List.copyOf(sources));
  }
}
