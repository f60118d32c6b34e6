package shop.gateway.discovery;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is read of an EndpointSlice ({@code discovery.k8s.io/v1}): some of the endpoints of a
 * Service, all of the same address type and with the same ports.
 */
record EndpointSlice(
    Metadata metadata,
    @Nullable String addressType,
    @Nullable List<Endpoint> endpoints,
    @Nullable List<Port> ports) {

  private static final String TCP = "TCP";

  /** Lists that are empty are left out of the JSON, or null. */
  @Override
  public List<Endpoint> endpoints() {
    return Objects.requireNonNullElse(endpoints, List.of());
  }

  /** The number of the TCP port of that name; of the only one if the name is null. */
  @Nullable Integer port(@Nullable String name) {
    var found =
        Objects.requireNonNullElse(ports, List.<Port>of()).stream()
            .filter(port -> port.protocol() == null || port.protocol().equals(TCP))
            .filter(port -> name == null || name.equals(port.name()))
            .toList();
    return found.size() == 1 ? found.getFirst().port() : null;
  }

  /** A name, unique in the namespace, and the version in which it was written. */
  record Metadata(String name, String resourceVersion) {}

  /**
   * A pod, or another process behind the Service.
   *
   * @param addresses of which Kubernetes uses the first
   * @param targetRef the pod; the same one for each of its address families
   */
  record Endpoint(
      List<String> addresses,
      @Nullable Conditions conditions,
      @Nullable String zone,
      @Nullable TargetRef targetRef) {

    /** Gets new requests. Those of which nothing is said do. */
    boolean isReady() {
      return !isTerminating()
          && (conditions == null || conditions.ready() == null || conditions.ready());
    }

    /** Is being stopped, and responds meanwhile. */
    boolean isDraining() {
      return isTerminating()
          && conditions != null
          && Boolean.TRUE.equals(
              conditions.serving() == null ? conditions.ready() : conditions.serving());
    }

    /** Asked before {@code ready}, which stays true for Services that publish unready pods. */
    private boolean isTerminating() {
      return conditions != null && Boolean.TRUE.equals(conditions.terminating());
    }
  }

  /** Each null if it is unknown. */
  record Conditions(
      @Nullable Boolean ready, @Nullable Boolean serving, @Nullable Boolean terminating) {}

  record TargetRef(@Nullable String uid) {}

  /** A port at the pods. */
  record Port(@Nullable String name, @Nullable String protocol, @Nullable Integer port) {}
}
