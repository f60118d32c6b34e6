package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** The merged OpenAPI document and its page. */
@Tag("slow")
class DocsTest {

  private static final String STUB_DOCUMENT =
      """
      {"openapi":"3.1.0","paths":{"/other/%1$s":{"get":{"operationId":"%1$s.get","responses":{"200":{
       "description":"OK","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Page"}}}}}}}},
       "components":{"schemas":{"Page":{"type":"object","description":"%1$s"}}},"tags":[{"name":"%1$s"}]}
      """;

  private static final Service ORDERS = new Service(read("../order-service"));
  private static final Service ANALYTICS = new Service(read("../analytics-service"));
  private static final Service PAYMENTS = new Service(STUB_DOCUMENT.formatted("payments"));
  private static final Service OPERATIONS = new Service(STUB_DOCUMENT.formatted("operations"));
  private static final Service NOTIFICATIONS = new Service(read("../notification-service"));

  private static Gateway complete;
  private static Gateway incomplete;

  @BeforeAll
  static void start() {
    complete =
        Gateway.start(
            "ORDER_SERVICE_URLS=" + ORDERS.url(),
            "ANALYTICS_SERVICE_URLS=http://127.0.0.1:1," + ANALYTICS.url(),
            "PAYMENT_SERVICE_URLS=" + PAYMENTS.url(),
            "OPERATIONS_SERVICE_URLS=" + OPERATIONS.url(),
            "NOTIFICATION_SERVICE_URLS=" + NOTIFICATIONS.url());
    incomplete =
        Gateway.start(
            "ORDER_SERVICE_URLS=http://127.0.0.1:1",
            "ANALYTICS_SERVICE_URLS=" + ANALYTICS.url() + "/",
            "PAYMENT_SERVICE_URLS=" + PAYMENTS.url(),
            "OPERATIONS_SERVICE_URLS=" + OPERATIONS.url(),
            "NOTIFICATION_SERVICE_URLS=" + new Service("").url());
  }

  @AfterAll
  static void stop() {
    List.of(ORDERS, ANALYTICS, PAYMENTS, OPERATIONS, NOTIFICATIONS).forEach(Service::close);
  }

  @Test
  void oneDocumentDescribesAllApis() {
    var document = Gateway.json(complete.get("/v3/api-docs"));

    assertThat(document.path("openapi").asString()).isEqualTo("3.1.0");
    assertThat(document.path("paths").propertyNames())
        .contains(
            "/orders", "/products/{sku}", "/analytics/summary", "/auth/login", "/other/payments");
    assertThat(document.has("x-left-out")).isFalse();
    assertThat(document.path("tags").valueStream().map(tag -> tag.path("name").asString()))
        .contains("Accounts and sessions", "Orders and products", "Figures", "payments")
        .doesNotContain("Notifications");
  }

  @Test
  void everyReferenceResolvesWithinItsOwnService() {
    var document = Gateway.json(complete.get("/v3/api-docs"));

    var references = document.findValuesAsString("$ref");
    assertThat(references).hasSizeGreaterThan(50);
    assertThat(references)
        .allSatisfy(reference ->
            assertThat(document.at(reference.substring(1)).isMissingNode())
                .as(reference)
                .isFalse());
    assertThat(document.at("/components/schemas/payment-service.Page/description").asString())
        .isEqualTo("payments");
    assertThat(document.at("/components/schemas/operations-service.Page/description").asString())
        .isEqualTo("operations");
  }

  @Test
  void operationIdsAreUnique() {
    var names = Gateway.json(complete.get("/v3/api-docs")).findValuesAsString("operationId");

    assertThat(names).hasSizeGreaterThan(15).doesNotHaveDuplicates();
  }

  @Test
  void theDocumentIsCached() {
    complete.get("/v3/api-docs");
    int requests = ORDERS.requests.get();

    var response = complete.get("/v3/api-docs");

    assertThat(ORDERS.requests.get()).isEqualTo(requests);
    assertThat(response.headers().firstValue("Cache-Control")).contains("max-age=60, public");
  }

  @Test
  void unavailableServicesAreListed() {
    var response = incomplete.get("/v3/api-docs");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    var document = Gateway.json(response);
    assertThat(document.path("paths").propertyNames())
        .contains("/analytics/summary", "/auth/login");
    assertThat(document.path("x-left-out").toString())
        .isEqualTo(
            """
            [{"service":"notification-service","reason":"it responds with 404"},\
            {"service":"order-service","reason":"it does not respond"}]\
            """);
    assertThat(document.at("/info/description").asString())
        .contains("order-service: it does not respond.");
  }

  @Test
  void theGatewaysOwnPathsAreDocumented() {
    var documented = new TreeSet<String>();
    for (var path : Gateway.json(incomplete.get("/v3/api-docs")).path("paths").properties()) {
      if (path.getKey().startsWith("/auth/")) {
        path.getValue()
            .propertyNames()
            .forEach(
                method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
      }
    }

    var served = new TreeSet<String>();
    complete.bean(DispatcherHandler.class).getHandlerMappings().stream()
        .filter(RequestMappingHandlerMapping.class::isInstance)
        .map(RequestMappingHandlerMapping.class::cast)
        .flatMap(mappings -> mappings.getHandlerMethods().keySet().stream())
        .forEach(mapping ->
            mapping
                .getPatternsCondition()
                .getPatterns()
                .forEach(pattern -> {
                  if (pattern.getPatternString().startsWith("/auth/")) {
                    mapping
                        .getMethodsCondition()
                        .getMethods()
                        .forEach(method -> served.add(method + " " + pattern.getPatternString()));
                  }
                }));
    assertThat(documented).isNotEmpty().isEqualTo(served);
  }

  @Test
  void theGatewayServesAllResourcesOfThePage() {
    var page = complete.get("/docs");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none';")
        .doesNotContain("unsafe", "http:", "https:");
    var parts = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.body()).results();
    assertThat(parts.map(part -> part.group(1)).toList())
        .hasSizeGreaterThan(4)
        .allSatisfy(part -> {
          assertThat(part).startsWith("/").doesNotStartWith("//");
          assertThat(complete.get(part).statusCode()).as(part).isEqualTo(200);
        });
  }

  @Test
  void noOtherFileOfTheJarIsServed() {
    assertThat(complete.get("/docs/application.yml").statusCode()).isEqualTo(404);
    assertThat(complete.get("/docs/index.html").statusCode()).isEqualTo(404);
  }

  private static String read(String module) {
    try {
      return Files.readString(Path.of(module, "src/main/resources/openapi.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A service that serves an OpenAPI document; 404 if the document is empty. */
  private static final class Service {

    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();

    Service(String document) {
      byte[] body = document.getBytes(StandardCharsets.UTF_8);
      try {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      server.createContext(
          "/v3/api-docs",
          exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(
                body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void close() {
      server.stop(0);
    }
  }
}
