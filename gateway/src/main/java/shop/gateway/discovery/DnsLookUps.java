package shop.gateway.discovery;

import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import shop.balancing.Instance;
import shop.gateway.discovery.DnsAnswer.ServiceRecord;

/**
 * The look-ups that find the instances of a {@link DnsUrl}: one for each type of address, or one of
 * SRV records. Each one that can fail without the others is a look-up of its own.
 */
final class DnsLookUps {
  private static final int TARGETS_AT_ONCE = 8;
  private static final String NO_TARGET = ".";

  private final DnsClient dns;
  private final List<DnsRecordType> types;

  DnsLookUps(DnsClient dns, DnsSettings settings) {
    this.dns = dns;
    this.types =
        settings.recordTypes().stream().map(it -> DnsRecordType.valueOf(it.name())).toList();
  }

  /** Each look-up gives the instances in an order that does not depend on that of the records. */
  List<Mono<List<Instance>>> of(DnsUrl url) {
    var port = url.port();
    if (port == null) {
      return List.of(services(url).map(DnsLookUps::sorted));
    }
    var attributes = url.attributes();
    return types.stream()
        .map(type ->
            dns.lookUp(url.name(), type)
                .map(answer ->
                    answer.addresses().stream()
                        .map(it ->
                            url.instance(it, port, attributes.weight(), attributes.priority())))
                .map(DnsLookUps::sorted))
        .toList();
  }

  private Mono<Stream<Instance>> services(DnsUrl url) {
    return dns.lookUp(url.name(), DnsRecordType.SRV)
        .flatMap(answer -> {
          var services =
              answer.services().stream()
                  .filter(it -> !it.target().equals(NO_TARGET) && it.port() > 0)
                  .toList();
          return addresses(services, answer.additional())
              .map(addresses -> instances(url, services, addresses));
        });
  }

  /** The addresses of the targets; those that the name server did not send along are looked up. */
  private Mono<Map<String, List<InetAddress>>> addresses(
      List<ServiceRecord> services, Map<String, List<InetAddress>> additional) {
    return Flux.fromStream(() -> services.stream().map(ServiceRecord::target).distinct())
        .flatMap(
            target -> {
              var known = additional.get(target);
              return (known == null ? addresses(target) : Mono.just(known))
                  .map(found -> Map.entry(target, found));
            },
            TARGETS_AT_ONCE)
        .collectMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  private Mono<List<InetAddress>> addresses(String target) {
    return Flux.fromIterable(types)
        .flatMap(type -> dns.lookUp(target, type))
        .flatMapIterable(DnsAnswer::addresses)
        .collectList();
  }

  private static Stream<Instance> instances(
      DnsUrl url, List<ServiceRecord> services, Map<String, List<InetAddress>> addresses) {
    int[] weights = weights(services);
    var priorities = services.stream().map(ServiceRecord::priority).distinct().sorted().toList();
    return IntStream.range(0, services.size())
        .boxed()
        .flatMap(n -> {
          var service = services.get(n);
          int priority = Math.min(priorities.indexOf(service.priority()), Instance.MAX_PRIORITY);
          return addresses.getOrDefault(service.target(), List.of()).stream()
              .map(it -> url.instance(it, service.port(), weights[n], priority));
        });
  }

  /**
   * Weights of SRV records, 0 to 65,535, as those of instances. RFC 2782: if some are not 0, those
   * of weight 0 have a very small chance; if all are, the same one.
   */
  static int[] weights(List<ServiceRecord> services) {
    var weights = services.stream().mapToInt(ServiceRecord::weight).summaryStatistics();
    boolean fit = weights.getMin() > 0 && weights.getMax() <= Instance.MAX_WEIGHT;
    int max = Math.max(1, weights.getMax());
    boolean allZero = weights.getMax() == 0;
    return services.stream()
        .mapToInt(ServiceRecord::weight)
        .map(weight ->
            fit || allZero ? Math.max(1, weight) : Math.max(1, weight * Instance.MAX_WEIGHT / max))
        .toArray();
  }

  private static List<Instance> sorted(Stream<Instance> instances) {
    return instances.sorted(Comparator.comparing(Instance::id)).toList();
  }
}
