package shop.gateway.edge;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import shop.balancing.Locality;

/**
 * Who is in front of the gateway, and where clients are.
 *
 * @param trustedProxies CIDR blocks of the proxies that are believed what they say of a client;
 *     none by default
 * @param regionHeader request header in which trusted proxies name the client's region, as {@code
 *     eu} or {@code eu/a}; no header if empty
 * @param regions regions of clients by their addresses, of the form {@code 10.0.0.0/8=eu/a}
 * @param region the gateway's own, for clients of which no other is known; unknown if empty
 * @param zone within the region; unknown if empty
 * @param proxyProtocol whether trusted proxies send the PROXY protocol
 * @param proxyHeaderTimeout from the connection to the end of its PROXY header; longer closes it
 */
@ConfigurationProperties("shop.gateway.edge")
record EdgeSettings(
    @DefaultValue List<String> trustedProxies,
    @DefaultValue("") String regionHeader,
    @DefaultValue List<String> regions,
    @DefaultValue("") String region,
    @DefaultValue("") String zone,
    @DefaultValue("off") ProxyProtocolUse proxyProtocol,
    @DefaultValue("5s") Duration proxyHeaderTimeout) {

  /** Whether connections begin with a PROXY header. */
  enum ProxyProtocolUse {
    /** None does. */
    OFF,
    /** Those of trusted proxies do, and no others. */
    REQUIRED
  }

  /** Checks the values; the lists are checked by those who parse them. */
  EdgeSettings {
    trustedProxies = List.copyOf(trustedProxies);
    regions = List.copyOf(regions);
    if (!regionHeader.matches("[A-Za-z0-9-]*")) {
      throw new IllegalArgumentException(
          "shop.gateway.edge.region-header is the name of a header: letters, digits, hyphens");
    }
    if (!regionHeader.isEmpty() && trustedProxies.isEmpty()) {
      throw new IllegalArgumentException(
          "shop.gateway.edge.region-header is believed from trusted proxies alone; set"
              + " shop.gateway.edge.trusted-proxies");
    }
    if (proxyProtocol == ProxyProtocolUse.REQUIRED && trustedProxies.isEmpty()) {
      throw new IllegalArgumentException(
          "shop.gateway.edge.proxy-protocol is understood from trusted proxies alone; set"
              + " shop.gateway.edge.trusted-proxies");
    }
    if (proxyHeaderTimeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "shop.gateway.edge.proxy-header-timeout must be at least 1 ms");
    }
    if (region.isEmpty() && !zone.isEmpty()) {
      throw new IllegalArgumentException(
          "shop.gateway.edge.zone is within a region; set shop.gateway.edge.region");
    }
  }

  /** Where the gateway is. */
  Locality locality() {
    return region.isEmpty() ? Locality.UNKNOWN : new Locality(region, zone);
  }
}
