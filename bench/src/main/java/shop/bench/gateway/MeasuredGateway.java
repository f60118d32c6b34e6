package shop.bench.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.LinkedHashMap;
import java.util.List;
import shop.bench.platform.BenchPlatform;
import shop.local.Platform;
import shop.local.Secrets;
import shop.local.ShopClient;
import shop.local.broker.RedisServer;
import shop.local.os.Ports;

/** The gateway of this build with a Redis of its own, in front of an upstream. */
final class MeasuredGateway implements AutoCloseable {

  /** Megabytes, as {@code ./start} gives it. */
  static final int HEAP = 160;

  private static final String NAME = "gateway";

  private final BenchPlatform platform;
  private final RedisServer redis;
  private final URI url;
  private final Secrets secrets;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ShopClient client;

  /** Starts both. The first of the upstream's URLs is also the target of a route of its own. */
  MeasuredGateway(BenchPlatform platform, List<String> upstream) throws IOException {
    this.platform = platform;
    this.redis = new RedisServer(platform.folder("redis"), Ports.freeBlock(1));
    redis.start();
    secrets = new Secrets(platform.folder("secrets"));
    var environment = new LinkedHashMap<String, String>();
    environment.put("SESSIONS_REDIS_PORT", Integer.toString(redis.endpoint().port()));
    environment.put("AUTH_KEYS_DIR", secrets.authKeys().toString());
    environment.put("SHOP_SEED_CUSTOMER", Platform.DEMO_CUSTOMER);
    environment.put("SHOP_SEED_ADMIN", Platform.DEMO_ADMIN);
    environment.put("SHOP_SEED_PASSWORD", secrets.demoPassword());
    environment.put("RATE_LIMIT_FACTOR", "1000");
    environment.put("ORDER_SERVICE_URLS", String.join(",", upstream));
    environment.put("SPRING_APPLICATION_JSON", fixedRoute(upstream.getFirst()));
    url = platform.start(NAME, HEAP, environment);
    client = new ShopClient("The measurement", url, http);
  }

  /** A route of Spring Cloud Gateway before those of the routes file. */
  private static String fixedRoute(String target) {
    return """
    {"spring":{"cloud":{"gateway":{"server":{"webflux":{"routes":[
    {"id":"fixed","uri":"%s","predicates":["Path=/products/fixed"],"order":-1}
    ]}}}}}}
    """
        .formatted(target)
        .replace("\n", "");
  }

  /** A request to the gateway, with a customer's token or without. */
  Target target(String name, String path, boolean authenticated) {
    return new Target(
        name,
        url.resolve(path),
        authenticated ? this::token : () -> null,
        () -> platform.cpu().getOrDefault(NAME, 0L));
  }

  /** Of a new login: tokens live for minutes. */
  private String token() {
    client.login(Platform.DEMO_CUSTOMER, secrets.demoPassword());
    return client.accessToken();
  }

  void record() throws IOException, InterruptedException {
    platform.record(NAME);
  }

  @Override
  public void close() {
    http.close();
    platform.stop(NAME);
    redis.stop();
  }
}
