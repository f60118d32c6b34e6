package shop.gateway.routing;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.config.HttpClientFactory;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.config.HttpClientSslConfigurer;
import org.springframework.stereotype.Component;
import reactor.netty.resources.ConnectionProvider;

/**
 * The gateway's HTTP client, which has a pool of connections for each address. Pools that nobody
 * uses are removed: with instances found by DNS, addresses change for as long as a gateway runs.
 */
@Component
final class UpstreamPools extends HttpClientFactory {

  private static final Duration CHECK = Duration.ofSeconds(30);
  private static final Duration UNUSED = Duration.ofMinutes(2);

  UpstreamPools(
      HttpClientProperties properties,
      ServerProperties server,
      HttpClientSslConfigurer ssl,
      List<HttpClientCustomizer> customizers) {
    super(properties, server, ssl, customizers);
  }

  @Override
  protected ConnectionProvider buildConnectionProvider(HttpClientProperties properties) {
    return removingUnused(super.buildConnectionProvider(properties), CHECK, UNUSED);
  }

  /** The same connections, with pools that are removed when they have had none for a time. */
  static ConnectionProvider removingUnused(
      ConnectionProvider pools, Duration check, Duration unused) {
    var builder = pools.mutate();
    if (builder == null) {
      return pools;
    }
    pools.dispose();
    return builder.disposeInactivePoolsInBackground(check, unused).build();
  }
}
