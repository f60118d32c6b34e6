package shop.gateway.edge;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The PROXY protocol (haproxy.org/download/3.2/doc/proxy-protocol.txt), versions 1 and 2: a load
 * balancer that passes TCP connections on sends its client's address ahead of everything else, TLS
 * included. Required on connections of trusted proxies, and not understood on any other, where it
 * is no valid request: the specification forbids to guess whether it is there. Reactor Netty's own
 * support believes every client, and waits for the header without a limit.
 */
@Component
final class ProxyProtocol
    implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, Ordered {

  private static final AttributeKey<InetAddress> SOURCE = AttributeKey.valueOf("shop.proxy.source");

  private final EdgeSettings settings;
  private final TrustedProxies proxies;

  ProxyProtocol(EdgeSettings settings) {
    this.settings = settings;
    this.proxies = new TrustedProxies(settings.trustedProxies());
  }

  @Override
  public void customize(NettyReactiveWebServerFactory factory) {
    if (settings.proxyProtocol() == EdgeSettings.ProxyProtocolUse.REQUIRED) {
      factory.addServerCustomizers(this::require);
    }
  }

  /** The server with the protocol on connections of trusted proxies. */
  HttpServer require(HttpServer server) {
    return server.doOnChannelInit((_, channel, _) -> require(channel));
  }

  private void require(Channel channel) {
    var proxy = address(channel.remoteAddress());
    if (proxy != null && proxies.contains(proxy)) {
      new ProxyHeader(settings.proxyHeaderTimeout()).addTo(channel);
    }
  }

  /** Notes the client of a connection. */
  static void source(Channel channel, InetAddress address) {
    channel.attr(SOURCE).set(address);
  }

  /** The client of the connection of a request as its PROXY header says; null if it has none. */
  static @Nullable InetAddress source(HttpServerRequest request) {
    var found = new InetAddress[1];
    request.withConnection(connection -> {
      var channel = connection.channel();
      // A stream of HTTP/2 is a channel within that of its connection.
      var parent = channel.parent();
      var source = channel.attr(SOURCE).get();
      found[0] =
          source == null && parent != null && parent.hasAttr(SOURCE)
              ? parent.attr(SOURCE).get()
              : source;
    });
    return found[0];
  }

  private static @Nullable InetAddress address(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet.getAddress() : null;
  }

  /** Last, so that its handlers are ahead of those that others put first. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
