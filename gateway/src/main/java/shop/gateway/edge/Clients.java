package shop.gateway.edge;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.http.server.HttpServerRequest;
import shop.balancing.Locality;

/** Finds out who sends a request, from its connection and from what trusted proxies say of it. */
@Component
public final class Clients {

  /** Places in the region header that are kept; proxies name few. */
  private static final int MAX_PLACES = 1000;

  private final TrustedProxies proxies;
  private final ForwardedFor forwardedFor;
  private final String regionHeader;
  private final CidrTable<Locality> regions;
  private final Locality gateway;
  private final boolean usesProxyProtocol;
  private final Map<String, Locality> places = new ConcurrentHashMap<>();

  Clients(EdgeSettings settings) {
    proxies = new TrustedProxies(settings.trustedProxies());
    forwardedFor = new ForwardedFor(proxies);
    regionHeader = settings.regionHeader();
    regions = Place.table(settings.regions());
    gateway = settings.locality();
    usesProxyProtocol = settings.proxyProtocol() == EdgeSettings.ProxyProtocolUse.REQUIRED;
  }

  /** Attaches the client to the exchange. To be called before untrusted headers are removed. */
  public void identify(ServerWebExchange exchange) {
    if (proxies.isEmpty() && regions.isEmpty() && gateway.equals(Locality.UNKNOWN)) {
      return;
    }
    var headers = exchange.getRequest().getHeaders();
    var connection = connection(exchange);
    if (connection != null && proxies.contains(connection)) {
      var address = forwardedFor.client(connection, headers);
      var named = named(headers);
      new Client(address, named == null ? locality(address) : named).attachTo(exchange);
    } else {
      new Client(connection, locality(connection)).attachTo(exchange);
    }
  }

  /** The address at the other end of the connection, or what its PROXY header names instead. */
  private @Nullable InetAddress connection(ServerWebExchange exchange) {
    if (usesProxyProtocol) {
      HttpServerRequest request =
          ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
      var source = ProxyProtocol.source(request);
      if (source != null) {
        return source;
      }
    }
    return ClientAddress.ofConnection(exchange);
  }

  /** Headers, in lower case, that say something of a client and are passed on to no service. */
  public Set<String> headers() {
    return regionHeader.isEmpty() ? Set.of() : Set.of(regionHeader.toLowerCase(Locale.ROOT));
  }

  /** The place that a proxy names; null if it names none, or several. */
  private @Nullable Locality named(HttpHeaders headers) {
    if (regionHeader.isEmpty()) {
      return null;
    }
    var values = headers.getOrEmpty(regionHeader);
    if (values.size() != 1) {
      return null;
    }
    var known = places.get(values.getFirst());
    if (known != null) {
      return known;
    }
    var place = Place.parse(values.getFirst());
    if (place != null && places.size() < MAX_PLACES) {
      places.put(values.getFirst(), place);
    }
    return place;
  }

  private Locality locality(@Nullable InetAddress address) {
    var place = address == null ? null : regions.find(address);
    return place == null ? gateway : place;
  }
}
