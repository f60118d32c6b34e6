package shop.gateway.discovery;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.balancing.Instance;
import shop.gateway.discovery.KubernetesSettings.AddressType;

/**
 * The EndpointSlices of one Service and the instances by them. An endpoint that moves from one
 * slice to another is in both for a moment, and may be ready in the one and not in the other: it is
 * one instance, ready if one of them says so. A pod with addresses of two types is one instance as
 * well. Not thread-safe.
 */
final class ServiceSlices {
  /** With Kubernetes' default of 100 endpoints a slice, ten times as many as are used. */
  static final int MAX_SLICES = 10 * CombinedInstances.MAX_INSTANCES / 100;

  private static final Logger log = LoggerFactory.getLogger(ServiceSlices.class);

  private final SliceUrl url;
  private final List<AddressType> types;
  private final Duration drainTime;
  private final Map<String, List<Found>> slices = new HashMap<>();
  private final Map<String, Boolean> withoutPort = new HashMap<>();

  /** An endpoint that gets requests. */
  private record Found(Instance instance, int type, @Nullable String pod) {
    boolean isReady() {
      return instance.drainTime() == null;
    }
  }

  ServiceSlices(SliceUrl url, KubernetesSettings settings) {
    this.url = url;
    this.types = settings.addressTypes();
    this.drainTime = settings.drainTime();
  }

  /**
   * Replaces all slices.
   *
   * @throws LookUpFailedException if there are too many or an address is none; changes nothing then
   */
  void replace(List<EndpointSlice> listed) {
    var next = new HashMap<String, List<Found>>();
    listed.forEach(slice -> next.put(slice.metadata().name(), found(slice)));
    if (next.size() > MAX_SLICES) {
      throw tooMany();
    }
    slices.clear();
    slices.putAll(next);
    withoutPort.keySet().retainAll(next.keySet());
  }

  /**
   * Adds a slice or replaces it.
   *
   * @throws LookUpFailedException if there are too many or an address is none; changes nothing then
   */
  void put(EndpointSlice slice) {
    var found = found(slice);
    if (slices.size() == MAX_SLICES && !slices.containsKey(slice.metadata().name())) {
      throw tooMany();
    }
    slices.put(slice.metadata().name(), found);
  }

  void remove(String slice) {
    slices.remove(slice);
    withoutPort.remove(slice);
  }

  /** The instances, by id. */
  List<Instance> instances() {
    var byId = new TreeMap<String, Found>();
    slices.values().stream()
        .flatMap(List::stream)
        .forEach(found -> byId.merge(found.instance.id(), found, ServiceSlices::readier));
    var byPod =
        byId.values().stream()
            .collect(
                groupingBy(
                    found -> found.pod == null ? found.instance.id() : found.pod,
                    LinkedHashMap::new,
                    toList()));
    return byPod.values().stream()
        .flatMap(ServiceSlices::ofOneType)
        .map(Found::instance)
        .sorted(Comparator.comparing(Instance::id))
        .toList();
  }

  private static Found readier(Found one, Found other) {
    return other.isReady() && !one.isReady() ? other : one;
  }

  private static Stream<Found> ofOneType(List<Found> pod) {
    int type = pod.stream().mapToInt(Found::type).min().orElseThrow();
    return pod.stream().filter(found -> found.type == type);
  }

  private List<Found> found(EndpointSlice slice) {
    int type = type(slice);
    var port = slice.port(url.port());
    if (type < 0 || port == null) {
      reportPort(slice, type < 0 || slice.endpoints().isEmpty());
      return List.of();
    }
    reportPort(slice, true);
    var found = new ArrayList<Found>();
    for (var endpoint : slice.endpoints()) {
      if (endpoint.isReady() || endpoint.isDraining()) {
        var ref = endpoint.targetRef();
        found.add(
            new Found(
                url.instance(
                    address(endpoint.addresses()),
                    port,
                    endpoint.zone() == null ? "" : endpoint.zone(),
                    endpoint.isReady() ? null : drainTime),
                type,
                ref == null ? null : ref.uid()));
      }
    }
    return List.copyOf(found);
  }

  /** Its place in the list of types, -1 if it is not used; FQDN never is. */
  private int type(EndpointSlice slice) {
    var name = slice.addressType() == null ? "" : slice.addressType().toUpperCase(Locale.ROOT);
    return types.stream().map(Enum::name).toList().indexOf(name);
  }

  private static InetAddress address(List<String> addresses) {
    try {
      return InetAddress.ofLiteral(addresses.getFirst());
    } catch (RuntimeException e) {
      throw new LookUpFailedException(addresses + " is no address of an endpoint", e);
    }
  }

  /** Once for each slice, and again after it had the port. */
  private void reportPort(EndpointSlice slice, boolean fine) {
    if (fine) {
      withoutPort.remove(slice.metadata().name());
    } else if (withoutPort.put(slice.metadata().name(), true) == null) {
      log.warn(
          "EndpointSlice {} of {} has no TCP port {}; its endpoints are left out. Write the port's name in the Service behind the colon of k8s+http://{}",
          slice.metadata().name(),
          url.service(),
          url.port() == null ? "that is the only one" : "of the name " + url.port(),
          url.name());
    }
  }

  private LookUpFailedException tooMany() {
    return new LookUpFailedException(
        url.name() + " has more than " + MAX_SLICES + " EndpointSlices", null);
  }
}
