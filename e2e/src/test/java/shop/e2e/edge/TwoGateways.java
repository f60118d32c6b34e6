package shop.e2e.edge;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import shop.e2e.ApiClient;
import shop.e2e.SharedPlatform;
import shop.local.Platform;
import shop.local.PlatformOptions;
import shop.local.os.Folders;

/** A platform with two gateways, to be reached through a load balancer. */
final class TwoGateways implements AutoCloseable {

  static final Duration SOON = Duration.ofSeconds(60);
  static final String GATEWAY = "gateway";
  static final Path FOLDER = Path.of("target/edge").toAbsolutePath();

  /** Where load balancers listen. */
  static final int EDGE_PORT = 12_000;

  private static final int OFFSET = 4_000;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern REQUESTS =
      Pattern.compile("^gateway_rate_limit_total\\{.*} (\\S+)$", Pattern.MULTILINE);

  private final Platform platform;

  private TwoGateways(Platform platform) {
    this.platform = platform;
  }

  /**
   * Starts it, and returns when both gateways have answered a login.
   *
   * @param environment additional variables of both gateways
   */
  static TwoGateways start(Map<String, String> environment) {
    SharedPlatform.stop();
    Folders.delete(FOLDER);
    var variables = new HashMap<>(environment);
    // Enough for the traffic of a test, few enough to be counted.
    variables.put("RATE_LIMIT_FACTOR", "10");
    var options =
        new PlatformOptions(
            FOLDER, OFFSET, Map.of(GATEWAY, 2), Map.of(GATEWAY, variables), 0, false);
    var gateways = new TwoGateways(Platform.start(options));
    gateways.urls().forEach(gateways::awaitLogin);
    return gateways;
  }

  /** The first login of a gateway takes longer than later ones: Redis is connected to. */
  private void awaitLogin(URI url) {
    await().atMost(SOON).ignoreExceptions().until(() -> !admin(url).token().isEmpty());
  }

  /** The base URLs of the gateways. */
  List<URI> urls() {
    return platform.gatewayUrls();
  }

  ApiClient admin(URI url) {
    return ApiClient.loggedIn(url, Platform.DEMO_ADMIN, platform.demoPassword());
  }

  /** Requests that one gateway has counted, of all clients. */
  double requests(int gateway) {
    try {
      var metrics = platform.managementUrl(GATEWAY, gateway).resolve("/actuator/prometheus");
      var text = HTTP.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
      return REQUESTS
          .matcher(text)
          .results()
          .mapToDouble(m -> Double.parseDouble(m.group(1)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Makes new connections until both gateways have got requests of them. */
  void awaitRequestsAtBoth(URI edge) {
    double first = requests(0);
    double second = requests(1);
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> {
          getOnNewConnection(edge, "/products");
          return requests(0) > first && requests(1) > second;
        });
  }

  /** The status of a GET. */
  static int getOnNewConnection(URI edge, String path) throws IOException, InterruptedException {
    try (var http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
      var request = HttpRequest.newBuilder(edge.resolve(path)).timeout(Duration.ofSeconds(5));
      return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }

  /** SIGKILL. */
  void kill(int gateway) {
    platform.kill(GATEWAY, gateway);
  }

  /** SIGTERM; returns when it has exited. */
  void stop(int gateway) {
    platform.stop(GATEWAY, gateway);
  }

  void startAgain(int gateway) {
    platform.restart(GATEWAY, gateway);
    awaitLogin(urls().get(gateway));
  }

  @Override
  public void close() {
    platform.close();
  }
}
