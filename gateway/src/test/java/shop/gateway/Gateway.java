package shop.gateway;

import io.jsonwebtoken.Jwts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import shop.common.json.Json;
import shop.common.testkit.BrokersInitializer;
import shop.common.testkit.TempFolders;
import shop.local.LocalCertificate;
import shop.local.broker.KafkaBroker;
import shop.local.broker.RedisServer;
import tools.jackson.databind.JsonNode;

/**
 * A gateway on a free port, connected to real brokers, with an HTTP client for it. It is never
 * closed: all gateways of a JVM share their event loops, and closing one would stop them.
 */
final class Gateway {

  static final String PASSWORD = "correct horse battery";
  static final String ADMIN = "root@shop.test";
  static final Path KEYS = keyFolder();

  /**
   * The first check of each instance is due at a random time within a year. One that passed would
   * take all requests from the instances that have not been checked.
   */
  static final String NO_HEALTH_CHECKS = "HEALTH_CHECK_INTERVAL=364d";

  private static final List<String> SERVICES =
      List.of(
          "ORDER_SERVICE_URLS",
          "PAYMENT_SERVICE_URLS",
          "NOTIFICATION_SERVICE_URLS",
          "ANALYTICS_SERVICE_URLS",
          "OPERATIONS_SERVICE_URLS");

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final ConfigurableApplicationContext context;
  private final HttpClient http;
  private final String base;

  private Gateway(ConfigurableApplicationContext context, HttpClient http) {
    this.context = context;
    this.http = http;
    this.base =
        (http.equals(HTTP) ? "http" : "https")
            + "://127.0.0.1:"
            + context.getEnvironment().getProperty("local.server.port");
  }

  /** Starts a gateway with the shared test brokers and settings of the form {@code NAME=value}. */
  static Gateway start(String... settings) {
    return start(new SpringApplicationBuilder().initializers(new BrokersInitializer()), settings);
  }

  /** Starts a gateway that serves TLS; its client trusts the certificate and speaks HTTP/2. */
  static Gateway startTls(LocalCertificate certificate, String... settings) {
    var all = new ArrayList<>(List.of(settings));
    all.add("TLS_CERTIFICATE=" + certificate.certificate());
    all.add("TLS_PRIVATE_KEY=" + certificate.privateKey());
    return start(
        new SpringApplicationBuilder().initializers(new BrokersInitializer()),
        certificate.client().connectTimeout(Duration.ofSeconds(5)).build(),
        all.toArray(String[]::new));
  }

  /** Starts a gateway with the given brokers. */
  static Gateway startOver(KafkaBroker kafka, RedisServer redis, String... settings) {
    var all = new ArrayList<>(List.of(settings));
    all.add("KAFKA_BOOTSTRAP_SERVERS=" + kafka.bootstrapServers());
    all.add("KAFKA_REPLICATION_FACTOR=1");
    all.add("KAFKA_MIN_INSYNC_REPLICAS=1");
    all.add("SESSIONS_REDIS_PORT=" + redis.endpoint().port());
    return start(new SpringApplicationBuilder(), all.toArray(String[]::new));
  }

  private static Gateway start(SpringApplicationBuilder application, String... settings) {
    return start(application, HTTP, settings);
  }

  private static Gateway start(
      SpringApplicationBuilder application, HttpClient http, String... settings) {
    var arguments =
        new ArrayList<>(
            List.of(
                "--PORT=0",
                "--LOG_FORMAT=",
                // No test depends on this timeout, and the machine may be busy.
                "--shop.passwords.timeout=60s",
                "--spring.data.redis.timeout=10s",
                "--SHUTDOWN_DELAY=0s",
                "--shop.limits.redis.timeout=1s",
                "--spring.reactor.netty.shutdown-quiet-period=0s",
                "--AUTH_KEYS_DIR=" + KEYS,
                "--SHOP_SEED_PASSWORD=" + PASSWORD,
                "--SHOP_SEED_ADMIN=" + ADMIN));
    for (String setting : settings) {
      arguments.add("--" + setting);
    }
    // All tests are one address.
    if (arguments.stream().noneMatch(argument -> argument.startsWith("--RATE_LIMIT_FACTOR"))) {
      arguments.add("--RATE_LIMIT_FACTOR=1000");
    }
    // Not the default ports, at which a platform of ./start may answer.
    for (String service : SERVICES) {
      if (arguments.stream().noneMatch(argument -> argument.startsWith("--" + service))) {
        arguments.add("--" + service + "=http://127.0.0.1:1");
      }
    }
    var started =
        new Gateway(
            application.sources(GatewayApplication.class).run(arguments.toArray(String[]::new)),
            http);
    started.awaitReady();
    return started;
  }

  private void awaitReady() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get("/readyz").statusCode() == 200);
  }

  /** The status of a GET at the management port. */
  int managementStatus(String path) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort() + path)).GET();
    return send(HTTP, request).statusCode();
  }

  int managementPort() {
    return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
  }

  int port() {
    return URI.create(base).getPort();
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  HttpResponse<String> head(String path, String... headers) {
    return send(request(path, headers).HEAD());
  }

  /** A preflight request of a web page of another origin. */
  HttpResponse<String> preflight(String path) {
    return send(
        request(path, "Origin", "https://other.test", "Access-Control-Request-Method", "GET")
            .method("OPTIONS", BodyPublishers.noBody()));
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    return send(
        request(path, headers)
            .setHeader("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> put(String path, String body, String... headers) {
    return send(
        request(path, headers)
            .setHeader("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> delete(String path, String... headers) {
    return send(request(path, headers).DELETE());
  }

  HttpResponse<String> register(String email) {
    return post("/auth/register", credentials(email, PASSWORD));
  }

  /** Registers a new account, logs in and returns its tokens. */
  JsonNode loginNewAccount() {
    String email = anyAddress();
    register(email);
    return login(email);
  }

  JsonNode login(String email) {
    return json(post("/auth/login", credentials(email, PASSWORD)));
  }

  HttpResponse<String> refresh(String token) {
    return post("/auth/refresh", "{\"refresh_token\":\"" + token + "\"}");
  }

  static String credentials(String email, String password) {
    return Json.MAPPER.writeValueAsString(Map.of("email", email, "password", password));
  }

  static String anyAddress() {
    return "ada-" + UUID.randomUUID() + "@example.org";
  }

  static String[] bearer(JsonNode tokens) {
    return bearer(tokens.get("access_token").asString());
  }

  static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  static JsonNode json(HttpResponse<String> response) {
    return Json.MAPPER.readTree(response.body());
  }

  private HttpRequest.Builder request(String path, String... headers) {
    var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
    return headers.length == 0 ? request : request.headers(headers);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    return send(http, request);
  }

  private static HttpResponse<String> send(HttpClient http, HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Path keyFolder() {
    try {
      var folder = TempFolders.create("keys");
      writeKey(folder.resolve("2026-01.pem"));
      writeKey(folder.resolve("2026-02.pem"));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void writeKey(Path file) throws IOException {
    var pair = Jwts.SIG.RS256.keyPair().build();
    var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
    Files.writeString(
        file,
        "-----BEGIN PRIVATE KEY-----\n"
            + base64.encodeToString(pair.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n");
  }
}
