package shop.common.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.common.deadletter.DeadLetterConfiguration;
import shop.common.json.Json;
import shop.common.kafka.KafkaConfiguration;
import shop.common.problem.Problem;
import shop.common.problem.ProblemType;
import shop.common.security.AccessRules;
import shop.common.security.Caller;
import shop.common.testkit.RawHttp;
import shop.common.testkit.RawHttp.Response;
import shop.common.testkit.TestTokens;
import tools.jackson.databind.JsonNode;

/** What every service does with requests that HTTP, JSON or its own limits do not allow. */
@SpringBootTest(
    classes = HttpEdgeTest.Service.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.config.import=classpath:shop-defaults.yml",
      "springdoc.api-docs.enabled=false",
      "shop.shutdown.delay=0s",
      "server.tomcat.connection-timeout=1s",
      "shop.http.body-timeout=1s"
    })
class HttpEdgeTest {

  private static final String TOKEN = TestTokens.customer(new UUID(0, 1));
  private static final int LIMIT = 64 << 10;

  @LocalServerPort int port;

  @DynamicPropertySource
  static void keys(DynamicPropertyRegistry properties) {
    properties.add("shop.tokens.jwks-uri", TestTokens::jwksUri);
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {
        DataSourceAutoConfiguration.class,
        KafkaConfiguration.class,
        DeadLetterConfiguration.class
      })
  @Import(Things.class)
  static class Service {
    @Bean
    AccessRules accessRules() {
      return requests -> {
        requests.requestMatchers(AccessRules.reads("/open")).permitAll();
        requests.requestMatchers("/admin").hasRole(Caller.ADMIN);
        requests.requestMatchers("/things", "/things/**").hasRole(Caller.CUSTOMER);
      };
    }
  }

  record Thing(String name, @Nullable JsonNode any) {}

  @RestController
  static class Things {

    @GetMapping("/open")
    ResponseEntity<Map<String, String>> open() {
      return ResponseEntity.ok().eTag("\"1.2\"").body(Map.of("a", "b"));
    }

    @GetMapping(path = "/things", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, Object> list(
        @RequestParam(defaultValue = "20") int limit,
        @RequestParam(required = false) @Nullable String text,
        @RequestParam(required = false) @Nullable Instant from) {
      return Map.of("limit", limit, "text", String.valueOf(text), "from", String.valueOf(from));
    }

    @PostMapping(path = "/things", consumes = MediaType.APPLICATION_JSON_VALUE)
    Thing create(
        @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
        @RequestBody Thing thing) {
      return thing;
    }

    @GetMapping("/things/broken")
    String broken() {
      throw new IllegalStateException("a secret of the service");
    }

    @GetMapping("/things/checked")
    String checked() throws Exception {
      throw new Exception("a secret of the service");
    }

    @GetMapping("/things/taken")
    String taken() {
      throw Problem.of(HttpStatus.CONFLICT, "address-taken", "Address already registered");
    }

    @GetMapping("/things/unavailable")
    String unavailable() {
      throw Problem.unavailable("Try again", Duration.ofSeconds(1));
    }
  }

  private static String request(String line, String... headers) {
    return line
        + " HTTP/1.1\nHost: localhost\nAuthorization: Bearer "
        + TOKEN
        + "\n"
        + String.join("\n", headers)
        + (headers.length == 0 ? "\n" : "\n\n");
  }

  private Response get(String path, String... headers) throws IOException {
    return RawHttp.send(port, request("GET " + path, headers));
  }

  private Response post(byte[] body, String... headers) throws IOException {
    var all = Stream.concat(Stream.of("Content-Length: " + body.length), Stream.of(headers));
    return RawHttp.send(port, request("POST /things", all.toArray(String[]::new)), body);
  }

  private Response postJson(byte[] body, String... headers) throws IOException {
    var all = Stream.concat(Stream.of("Content-Type: application/json"), Stream.of(headers));
    return post(body, all.toArray(String[]::new));
  }

  private Response postJson(String body, String... headers) throws IOException {
    return postJson(body.getBytes(UTF_8), headers);
  }

  /** A problem of a type that has a page, with the same status, and without internals. */
  private static void assertProblem(Response response, int status, String type) {
    assertThat(response.status()).as(response.text()).isEqualTo(status);
    assertThat(response.header("Content-Type").orElse(""))
        .as(response.text())
        .startsWith("application/problem+json");
    var problem = Json.MAPPER.readTree(response.text());
    assertThat(problem.get("type").asString()).isEqualTo("/problems/" + type);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("traceId").asString()).hasSize(32);
    assertThat(ProblemType.all())
        .anySatisfy(documented -> {
          assertThat(documented.type()).isEqualTo(type);
          assertThat(documented.status()).isEqualTo(status);
          assertThat(documented.title()).isEqualTo(problem.get("title").asString());
        });
    assertThat(response.text()).doesNotContain("secret", "Exception", "Tomcat", "shop.common");
  }

  static Stream<Arguments> errors() {
    String plain = "\nHost: localhost\n";
    String longName = "x".repeat(20_000);
    return Stream.of(
        // Of Tomcat, before any filter.
        Arguments.of("GET /things?x=[1] HTTP/1.1" + plain + "\n", 400, "malformed-request"),
        Arguments.of("GET /things/%FF HTTP/1.1" + plain + "\n", 400, "malformed-request"),
        Arguments.of("GET /things/%zz HTTP/1.1" + plain + "\n", 400, "malformed-request"),
        Arguments.of("GET /things/%2F HTTP/1.1" + plain + "\n", 400, "malformed-request"),
        Arguments.of("GET /open HTTP/1.1\n\n", 400, "malformed-request"),
        Arguments.of("GET /open HTTP/1.1" + plain + "Host: other\n\n", 400, "malformed-request"),
        Arguments.of(
            "GET /open HTTP/1.1" + plain + "Content-Length: -1\n\n", 400, "malformed-request"),
        Arguments.of("GET /open HTTP/1.1" + plain + "Bad Name: x\n\n", 400, "malformed-request"),
        Arguments.of("GET /open HTTP/3.7" + plain + "\n", 505, "http-version-not-supported"),
        Arguments.of(
            "POST /open HTTP/1.1" + plain + "Transfer-Encoding: br\n\n", 501, "not-implemented"),
        Arguments.of("GET /open HTTP/1.1" + plain + "Expect: tea\n\n", 417, "expectation-failed"),
        // Of Spring Security.
        Arguments.of("GET /things;a=b HTTP/1.1" + plain + "\n", 400, "malformed-request"),
        Arguments.of("GET /open//x HTTP/1.1" + plain + "\n", 400, "malformed-request"),
        Arguments.of("BREW /open HTTP/1.1" + plain + "\n", 400, "malformed-request"),
        Arguments.of("GET /things HTTP/1.1" + plain + "\n", 401, "unauthorized"),
        Arguments.of("GET /error HTTP/1.1" + plain + "\n", 401, "unauthorized"),
        Arguments.of(request("GET /admin"), 403, "forbidden"),
        // Of Spring MVC and of controllers.
        Arguments.of(request("GET /things/missing"), 404, "not-found"),
        Arguments.of(request("PUT /things"), 405, "method-not-allowed"),
        Arguments.of(request("GET /things", "Accept: text/html"), 406, "not-acceptable"),
        Arguments.of(request("GET /things/taken"), 409, "address-taken"),
        Arguments.of(request("GET /things/taken", "Accept: text/html"), 409, "address-taken"),
        Arguments.of(request("GET /things/broken"), 500, "internal"),
        Arguments.of(request("GET /things/broken", "Accept: text/html"), 500, "internal"),
        Arguments.of(request("GET /things/checked"), 500, "internal"),
        Arguments.of(request("GET /things/unavailable"), 503, "unavailable"),
        // Tomcat answers a head beyond its limit with 400.
        Arguments.of(request("GET /open?" + longName), 400, "malformed-request"),
        Arguments.of(request("GET /open", "X: " + longName), 400, "malformed-request"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void everyErrorIsAProblemOfADocumentedType(String request, int status, String type)
      throws IOException {
    assertProblem(RawHttp.send(port, request), status, type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Idempotency-Key: 0123456789abcdef",
        "Authorization: Bearer other",
        "Content-Type: application/json",
        "Last-Event-ID: 1",
        "If-Modified-Since: Mon, 30 Nov 2026 09:30:00 GMT",
        "Range: bytes=0-1"
      })
  void aHeaderThatMustBeSingleIsNotRepeated(String header) throws IOException {
    assertProblem(get("/things", header, header), 400, "malformed-request");
  }

  @Test
  void aListMayHaveSeveralLines() throws IOException {
    assertThat(get("/open", "If-None-Match: \"7\"", "If-None-Match: \"1.2\"").status())
        .isEqualTo(304);
    assertThat(get("/things", "Accept: text/html", "Accept: application/json").status())
        .isEqualTo(200);
  }

  @Test
  void aBodyIsAsLargeAsTheLimitAndNotLarger() throws IOException {
    String frame = "{\"name\":\"\"}";
    String largest = "{\"name\":\"" + "x".repeat(LIMIT - frame.length()) + "\"}";

    assertThat(postJson(largest).status()).isEqualTo(200);
    assertProblem(postJson(largest + " "), 413, "content-too-large");
    assertProblem(postJson("x".repeat(3 << 20)), 413, "content-too-large");
  }

  @Test
  void aBodyWithoutALengthIsLimited() throws IOException {
    byte[] chunk = ("400\r\n" + "x".repeat(0x400) + "\r\n").getBytes(UTF_8);
    try (var http = new RawHttp(port)) {
      http.write(
          request("POST /things", "Content-Type: application/json", "Transfer-Encoding: chunked")
              .replace("\n", "\r\n")
              .getBytes(UTF_8));
      for (int i = 0; i < 100; i++) {
        http.write(chunk);
      }
      assertProblem(http.read(false), 413, "content-too-large");
    }
  }

  @Test
  void aBodyThatStopsTimesOut() throws IOException {
    assertProblem(
        RawHttp.send(
            port,
            request("POST /things", "Content-Type: application/json", "Content-Length: 100"),
            "{".getBytes(UTF_8)),
        408,
        "request-timeout");
  }

  @Test
  void aBodyThatTricklesTimesOut() throws IOException {
    try (var http = new RawHttp(port);
        var trickle = Executors.newSingleThreadScheduledExecutor()) {
      http.write(
          request("POST /things", "Content-Type: application/json", "Content-Length: 60000")
              .replace("\n", "\r\n")
              .getBytes(UTF_8));
      var _ = trickle.scheduleAtFixedRate(() -> http.writeQuietly((byte) ' '), 0, 50, MILLISECONDS);
      assertProblem(http.read(false), 408, "request-timeout");
      // The server does not wait for the rest of the body.
      await().until(() -> !http.writeQuietly((byte) ' '));
      trickle.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00c0\u00af", "\u00ff", "\u00ed\u00a0\u0080", "\u00c3"})
  void aBodyThatIsNotUtf8IsMalformed(String bytes) throws IOException {
    byte[] body = ("{\"name\":\"" + bytes + "\"}").getBytes(ISO_8859_1);

    assertProblem(postJson(body), 400, "malformed-request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"\\ud83d\"}",
        "{\"name\":\"\\ude00\"}",
        "{\"name\":\"\\ude00\\ud83d\"}",
        "{\"name\":\"x\",\"any\":{\"\\ud83d\":1}}",
        "{\"name\":\"x\",\"any\":\"\\\\\\ud83d \"}",
        "{\"name\":\"a\",\"name\":\"b\"}",
        "{\"name\":\"a\",\"any\":{\"x\":1,\"x\":1}}",
        "{\"name\":",
        "{\"name\":\"x\",\"any\":NaN}",
        "[1]",
        ""
      })
  void malformedJsonIsRefused(String body) throws IOException {
    assertProblem(postJson(body), 400, "malformed-request");
  }

  @Test
  void theJsonReaderHasLimits() throws IOException {
    for (String any :
        List.of(
            "[".repeat(70) + "]".repeat(70), "9".repeat(101), "{\"" + "x".repeat(300) + "\":1}")) {
      assertProblem(postJson("{\"name\":\"x\",\"any\":" + any + "}"), 400, "malformed-request");
    }
  }

  @Test
  void surrogatePairsAndEscapedBackslashesAreFine() throws IOException {
    assertThat(postJson("{\"name\":\"\\ud83d\\ude00 \\\\ud83d \u20ac\"}").status()).isEqualTo(200);
  }

  @Test
  void anEncodedBodyAndOtherMediaTypesAreUnsupported() throws IOException {
    var gzip = postJson("{}", "Content-Encoding: gzip");
    assertProblem(gzip, 415, "unsupported-media-type");
    assertThat(gzip.header("Accept-Encoding")).contains("identity");
    for (String type :
        List.of(
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/json;charset=utf-16",
            "application/json;charset=nonsense",
            "nonsense")) {
      assertProblem(
          post("{}".getBytes(UTF_8), "Content-Type: " + type), 415, "unsupported-media-type");
    }
    assertThat(
            post("{\"name\":\"x\"}".getBytes(UTF_8), "Content-Type: application/json;charset=UTF-8")
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/things?text=%FF",
        "/things?text=%C0%AF",
        "/things?text=%",
        "/things?foo=bar",
        "/open?foo=bar",
        "/things?text=",
        "/things?text=a&text=b",
        "/things?limit=0x10",
        "/things?limit=%2310",
        "/things?limit=%2B10",
        "/things?limit=%D9%A1",
        "/things?limit=010x",
        "/things?from=%2B1000000000-01-01T00:00:00Z",
        "/things?from=-0001-01-01T00:00:00Z",
        "/things?from=2026-01-01"
      })
  void parametersThatAnEndpointDoesNotUnderstandAreRefused(String path) throws IOException {
    assertProblem(get(path), 400, "malformed-request");
  }

  @Test
  void parametersAreDecodedAsUtf8() throws IOException {
    var response = get("/things?text=%E2%82%AC+x&limit=5&from=2026-01-31T09:30:00Z");

    assertThat(Json.MAPPER.readTree(response.text()))
        .isEqualTo(
            Json.MAPPER.readTree(
                "{\"limit\":5,\"text\":\"€ x\",\"from\":\"2026-01-31T09:30:00Z\"}"));
  }

  @Test
  void acceptMayBeAnything() throws IOException {
    for (String accept :
        List.of(
            "application/json;charset=utf-16",
            "nonsense",
            "application/json;charset=nonsense",
            String.join(",", Collections.nCopies(51, "application/json")))) {
      for (String path : List.of("/things", "/open")) {
        assertProblem(get(path, "Accept: " + accept), 406, "not-acceptable");
      }
      assertProblem(get("/things/broken", "Accept: " + accept), 500, "internal");
    }
    assertThat(get("/things", "Accept: application/json;charset=utf-16, */*").status())
        .isEqualTo(200);
  }

  @Test
  void headIsAllowedWhereGetIsAndHasNoBody() throws IOException {
    var open = RawHttp.send(port, "HEAD /open HTTP/1.1\nHost: localhost\n\n");
    assertThat(open.status()).isEqualTo(200);
    assertThat(open.header("ETag")).contains("\"1.2\"");
    assertThat(RawHttp.send(port, request("HEAD /things")).status()).isEqualTo(200);
    assertThat(RawHttp.send(port, "HEAD /things HTTP/1.1\nHost: localhost\n\n").status())
        .isEqualTo(401);
    assertThat(RawHttp.send(port, "OPTIONS /open HTTP/1.1\nHost: localhost\n\n").header("Allow"))
        .hasValueSatisfying(allow -> assertThat(allow).contains("GET", "HEAD"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "\"1.2\"", "W/\"1.2\"", "\"7\", \"1.2\"", "W/\"7\",,W/\"1.2\""})
  void ifNoneMatchOfTheCurrentVersionIsNotModified(String tags) throws IOException {
    var response = get("/open", "If-None-Match: " + tags);

    assertThat(response.status()).isEqualTo(304);
    assertThat(response.header("ETag")).contains("\"1.2\"");
  }

  @Test
  void preconditionsOfReads() throws IOException {
    assertThat(get("/open", "If-None-Match: \"1\"").status()).isEqualTo(200);
    assertThat(get("/open", "If-Match: *").status()).isEqualTo(200);
    assertThat(get("/open", "If-Match: \"7\", \"1.2\"").status()).isEqualTo(200);
    assertProblem(get("/open", "If-Match: W/\"1.2\""), 412, "precondition-failed");
    assertProblem(get("/open", "If-Match: \"1\""), 412, "precondition-failed");
    assertProblem(get("/open", "If-Match: 1.2"), 400, "malformed-request");
  }
}
