package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.AccessTest.assertProblem;
import static shop.gateway.Gateway.PASSWORD;
import static shop.gateway.Gateway.bearer;
import static shop.gateway.Gateway.credentials;
import static shop.gateway.Gateway.json;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import shop.local.broker.RedisServer;
import shop.local.os.Ports;
import tools.jackson.databind.JsonNode;

/** Rate limits as clients see them. All periods are an hour, so that nothing refills meanwhile. */
@Tag("slow")
class RateLimitTest {

  private static final Backend ORDERS = new Backend("orders");
  private static final int LOGINS = 20;
  private static final Pattern PARAMETER = Pattern.compile(";([a-z*][a-z0-9_.*-]*)=(-?\\d{1,15})");
  private static final Pattern ITEM =
      Pattern.compile("\"([ !#-\\[\\]-~]+)\"((?:" + PARAMETER + ")+)");

  private static RedisServer redis;
  private static Gateway gateway;

  @BeforeAll
  static void start(@TempDir Path folder) {
    redis = new RedisServer(folder, Ports.freeBlock(1));
    redis.start();
    var settings =
        new ArrayList<>(
            List.of(
                "ORDER_SERVICE_URLS=" + ORDERS.url(),
                "SESSIONS_REDIS_HOST=127.0.0.1",
                "SESSIONS_REDIS_PORT=" + redis.endpoint().port(),
                "SESSIONS_REDIS_PASSWORD=",
                "RATE_LIMIT_FACTOR=1"));
    rule(settings, 0, "login", "/auth/login", "address", LOGINS, "refuse");
    rule(settings, 1, "register", "/auth/register", "address", 100, "refuse");
    rule(settings, 2, "products", "/products/**", "principal", 5, "local");
    rule(settings, 3, "default", "/**", "principal", 5, "local");
    for (String policy : List.of("login-account", "unauthorized")) {
      settings.add("shop.limits." + policy + ".limit=3");
      settings.add("shop.limits." + policy + ".burst=3");
      settings.add("shop.limits." + policy + ".period=1h");
    }
    gateway = Gateway.start(settings.toArray(String[]::new));
  }

  @AfterAll
  static void stop() {
    ORDERS.close();
    redis.kill();
  }

  @BeforeEach
  void forgetAll() {
    gateway
        .bean(StringRedisTemplate.class)
        .execute(
            (RedisCallback<String>)
                connection -> {
                  connection.serverCommands().flushAll();
                  return "";
                });
  }

  @Test
  void allowedResponseSaysWhatIsLeft() {
    var response = gateway.get("/products/lamp");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(items(response, "RateLimit-Policy"))
        .isEqualTo(Map.of("products", Map.of("q", 5L, "w", 3600L)));
    assertThat(items(response, "RateLimit"))
        .isEqualTo(Map.of("products", Map.of("r", 4L, "t", 720L)));
  }

  @Test
  void requestOverTheLimitIsRefusedWithAProblem() {
    exhaustProducts();
    ORDERS.requests().clear();

    var refused = gateway.get("/products/lamp");

    assertProblem(refused, 429, "/problems/too-many-requests");
    assertThat(json(refused).get("violated-policies").get(0).asString()).isEqualTo("products");
    assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 720L);
    assertThat(items(refused, "RateLimit").get("products")).containsEntry("r", 0L);
    assertThat(ORDERS.requests()).isEmpty();
    assertThat(gateway.head("/products/lamp").statusCode()).isEqualTo(429);
  }

  @Test
  void accountsOfOneAddressHaveLimitsOfTheirOwnAndRepeatedRequestsCount() {
    var first = gateway.loginNewAccount();
    var second = gateway.loginNewAccount();

    for (int number = 0; number < 5; number++) {
      assertThat(place(first).statusCode()).isEqualTo(200);
    }

    assertThat(place(first).statusCode()).isEqualTo(429);
    assertThat(place(second).statusCode()).isEqualTo(200);
  }

  @Test
  void refusedTokensCountAgainstTheAddressAndValidOnesStillPass() {
    var valid = gateway.loginNewAccount();
    for (int number = 0; number < 3; number++) {
      assertProblem(gateway.get("/orders", bearer("x")), 401, "/problems/unauthorized");
    }

    assertProblem(gateway.get("/orders", bearer("x")), 429, "/problems/too-many-requests");
    assertProblem(gateway.get("/orders"), 429, "/problems/too-many-requests");
    assertProblem(gateway.get("/no-such-path"), 429, "/problems/too-many-requests");
    assertThat(gateway.get("/orders", bearer(valid)).statusCode()).isEqualTo(200);
  }

  @Test
  void loginsToOneAccountAreLimitedWhateverThePasswordAndItsSpelling() {
    String email = Gateway.anyAddress();
    gateway.register(email);
    for (int number = 0; number < 3; number++) {
      assertThat(login(email, PASSWORD + number).statusCode()).isEqualTo(401);
    }

    var refused = login(email.toUpperCase(Locale.ROOT), PASSWORD);

    assertProblem(refused, 429, "/problems/too-many-requests");
    assertThat(json(refused).get("violated-policies").get(0).asString()).isEqualTo("login-account");
    assertThat(items(refused, "RateLimit")).containsOnlyKeys("login", "login-account");
    assertThat(login(Gateway.anyAddress(), PASSWORD).statusCode()).isEqualTo(401);
  }

  @Test
  void loginsOfOneAddressAreLimitedWhateverTheAccount() {
    for (int number = 0; number < LOGINS; number++) {
      assertThat(gateway.post("/auth/login", "{").statusCode()).isEqualTo(400);
    }

    assertProblem(login(Gateway.anyAddress(), PASSWORD), 429, "/problems/too-many-requests");
  }

  @Test
  void healthAndPreflightRequestsAreNotLimited() {
    for (int number = 0; number < 10; number++) {
      var health = gateway.get("/livez");
      assertThat(health.statusCode()).isEqualTo(200);
      assertThat(health.headers().firstValue("RateLimit")).isEmpty();
      assertThat(gateway.get("/readyz").statusCode()).isEqualTo(200);
      assertThat(gateway.managementStatus("/actuator/prometheus")).isEqualTo(200);
      assertThat(gateway.preflight("/products/lamp").statusCode()).isEqualTo(403);
    }
  }

  @Test
  void withoutRedisLoginsAreRefusedAndTheRestIsLimitedByTheGatewayAlone() {
    var tokens = gateway.loginNewAccount();
    redis.kill();
    try {
      var refused = login(Gateway.anyAddress(), PASSWORD);
      assertProblem(refused, 503, "/problems/unavailable");
      assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isPositive();
      assertThat(gateway.register(Gateway.anyAddress()).statusCode()).isEqualTo(503);

      for (int number = 0; number < 5; number++) {
        assertThat(gateway.get("/orders", bearer(tokens)).statusCode()).isEqualTo(200);
      }
      assertProblem(gateway.get("/orders", bearer(tokens)), 429, "/problems/too-many-requests");
    } finally {
      redis.start();
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> login(Gateway.anyAddress(), PASSWORD).statusCode() == 401);
    assertThat(gateway.get("/products/lamp").statusCode()).isEqualTo(200);
    assertThat(count("login", "unavailable")).isPositive();
    assertThat(count("default", "allowed-locally")).isEqualTo(5);
    assertThat(count("default", "refused-locally")).isEqualTo(1);
  }

  private static double count(String policy, String outcome) {
    return gateway
        .bean(MeterRegistry.class)
        .get("gateway.rate.limit")
        .tags("policy", policy, "outcome", outcome)
        .counter()
        .count();
  }

  private static void exhaustProducts() {
    for (int number = 0; number < 5; number++) {
      assertThat(gateway.get("/products/lamp").statusCode()).isEqualTo(200);
    }
  }

  private static HttpResponse<String> login(String email, String password) {
    return gateway.post("/auth/login", credentials(email, password));
  }

  private static HttpResponse<String> place(JsonNode tokens) {
    return gateway.post(
        "/orders",
        "{}",
        "Authorization",
        "Bearer " + tokens.get("access_token").asString(),
        "Idempotency-Key",
        "the-same");
  }

  /** The list of a header (RFC 9651): strings with integer parameters. */
  private static Map<String, Map<String, Long>> items(HttpResponse<String> response, String name) {
    String list = String.join(", ", response.headers().allValues(name));
    assertThat(list).matches(ITEM + "(, " + ITEM + ")*");
    var items = new TreeMap<String, Map<String, Long>>();
    var item = ITEM.matcher(list);
    while (item.find()) {
      var parameters = new TreeMap<String, Long>();
      var parameter = PARAMETER.matcher(item.group(2));
      while (parameter.find()) {
        parameters.put(parameter.group(1), Long.valueOf(parameter.group(2)));
      }
      items.put(item.group(1), parameters);
    }
    return items;
  }

  private static void rule(
      List<String> settings,
      int index,
      String name,
      String path,
      String key,
      int limit,
      String withoutRedis) {
    String prefix = "shop.limits.rules[" + index + "].";
    settings.add(prefix + "name=" + name);
    settings.add(prefix + "path=" + path);
    settings.add(prefix + "key=" + key);
    settings.add(prefix + "limit=" + limit);
    settings.add(prefix + "period=1h");
    settings.add(prefix + "without-redis=" + withoutRedis);
  }
}
