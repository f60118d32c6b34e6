package shop.gateway.discovery;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How instances are found by Kubernetes.
 *
 * @param server base URL of the API server; an IPv6 address needs no brackets
 * @param credentials folder with the files {@code token}, {@code ca.crt} and {@code namespace};
 *     each is read again for each request
 * @param addressTypes of a pod with addresses of several types, the first one of this list is used;
 *     types that are not listed are not used
 * @param timeout to connect, and for the whole answer to a list
 * @param watchTime how long one watch lasts; up to a tenth of it is left out at random. A
 *     connection that is lost unnoticed is replaced after it
 * @param backoff time to the next try after a failure, doubled with each one that follows; up to
 *     half of it is left out at random
 * @param maxBackoff longest time between two tries
 * @param drainTime how long bound clients and event streams may use an instance that is terminating
 */
@ConfigurationProperties("shop.gateway.kubernetes")
public record KubernetesSettings(
    @DefaultValue("https://kubernetes.default.svc:443") String server,
    @DefaultValue("/var/run/secrets/kubernetes.io/serviceaccount") Path credentials,
    @DefaultValue({"IPV4", "IPV6"}) List<AddressType> addressTypes,
    @DefaultValue("5s") Duration timeout,
    @DefaultValue("60s") Duration watchTime,
    @DefaultValue("1s") Duration backoff,
    @DefaultValue("30s") Duration maxBackoff,
    @DefaultValue("5s") Duration drainTime) {

  private static final Pattern SERVER = Pattern.compile("(https?)://(.+):([0-9]{1,5})/?");
  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofMinutes(30);

  /** The type of the addresses of an EndpointSlice. */
  public enum AddressType {
    /** {@code IPv4}. */
    IPV4,
    /** {@code IPv6}. */
    IPV6
  }

  /** Checks the values. */
  public KubernetesSettings {
    addressTypes = List.copyOf(addressTypes);
    if (addressTypes.isEmpty()) {
      throw new IllegalArgumentException("address-types is empty; use IPv4, IPv6 or both");
    }
    server = uri(server).toString();
    require("timeout", timeout, SHORTEST, LONGEST);
    require("watch-time", watchTime, Duration.ofSeconds(1), LONGEST);
    require("backoff", backoff, SHORTEST, LONGEST);
    require("max-backoff", maxBackoff, backoff, LONGEST);
    require("drain-time", drainTime, Duration.ZERO, LONGEST);
  }

  private static URI uri(String server) {
    var parts = SERVER.matcher(server);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "'"
              + server
              + "' in shop.gateway.kubernetes.server is no API server; use https://host:port");
    }
    var host = parts.group(2);
    boolean bare = host.contains(":") && !host.startsWith("[");
    return URI.create(
        parts.group(1) + "://" + (bare ? "[" + host + "]" : host) + ":" + parts.group(3));
  }

  private static void require(String name, Duration time, Duration least, Duration most) {
    if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "shop.gateway.kubernetes.%s is %s; allowed is %s to %s"
              .formatted(name, time, least, most));
    }
  }

  boolean isSecure() {
    return server.startsWith("https:");
  }
}
