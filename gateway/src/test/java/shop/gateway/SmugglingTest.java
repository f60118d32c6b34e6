package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.RawServices.GATEWAY;
import static shop.gateway.RawServices.ORDERS;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that two servers could read differently. Each is refused, or passed on as one
 * unambiguous request; in both cases the next request on the connection is read rightly, or the
 * connection is closed.
 */
@Tag("slow")
class SmugglingTest {

  private static final String GET = "GET /products/first HTTP/1.1\r\nHost: shop\r\n";
  private static final String NEXT = "GET /products/next HTTP/1.1\r\nHost: shop\r\n\r\n";
  private static final String BODY = "{\"n\":1}";
  private static final String CHUNKS = "7\r\n{\"n\":1}\r\n0\r\n\r\n";

  private static String post;

  @BeforeAll
  static void logIn() {
    String token = GATEWAY.login(Gateway.ADMIN).get("access_token").asString();
    post =
        "POST /products/first HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nAuthorization: Bearer "
            + token
            + "\r\n";
  }

  @BeforeEach
  void clearRequests() {
    ORDERS.requests().clear();
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(
      strings = {
        "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + NEXT,
        "Content-Length: 7\r\nContent-Length: 7\r\n\r\n" + BODY,
        "Content-Length: 7\r\nContent-Length: 0\r\n\r\n" + BODY,
        "Content-Length: 7,7\r\n\r\n" + BODY,
        "Content-Length: 7 7\r\n\r\n" + BODY,
        "Content-Length: +7\r\n\r\n" + BODY,
        "Content-Length: -1\r\n\r\n" + BODY,
        "Content-Length: 0x7\r\n\r\n" + BODY,
        "Content-Length: 7.0\r\n\r\n" + BODY,
        "Content-Length: \r\n\r\n" + BODY,
        "Content-Length: 99999999999999999999\r\n\r\n" + BODY,
        "Transfer-Encoding: chunked, identity\r\n\r\n" + CHUNKS,
        "Transfer-Encoding: identity\r\n\r\n" + BODY,
        "Transfer-Encoding: xchunked\r\n\r\n" + CHUNKS,
        "Transfer-Encoding: \"chunked\"\r\n\r\n" + CHUNKS,
        "Transfer-Encoding: chunked, chunked\r\n\r\n" + CHUNKS,
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + CHUNKS,
        "Transfer-Encoding: \u000bchunked\r\nContent-Length: 7\r\n\r\n" + BODY,
        "Transfer-Encoding:\r\n chunked\r\n\r\n" + CHUNKS,
        "Transfer-Encoding : chunked\r\n\r\n" + CHUNKS,
        "Transfer-Encoding: \r\nContent-Length: 7\r\n\r\n" + BODY
      })
  void aBodyWhoseLengthIsUncertainIs400(String rest) throws IOException {
    assertRefusedAndClosed(post + rest);
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(
      strings = {
        "7\n{\"n\":1}\r\n0\r\n\r\n",
        "7;a\n{\"n\":1}\r\n0\r\n\r\n",
        "7\r\n{\"n\":1}\n0\r\n\r\n",
        "7\r\n{\"n\":1}\r\n0\n\n",
        "7\r\r\n{\"n\":1}\r\n0\r\n\r\n",
        "0x7\r\n{\"n\":1}\r\n0\r\n\r\n",
        "0_7\r\n{\"n\":1}\r\n0\r\n\r\n",
        "+7\r\n{\"n\":1}\r\n0\r\n\r\n",
        "-7\r\n{\"n\":1}\r\n0\r\n\r\n",
        " 7\r\n{\"n\":1}\r\n0\r\n\r\n",
        "7 \r\n{\"n\":1}\r\n0\r\n\r\n",
        "7 7\r\n{\"n\":1}\r\n0\r\n\r\n",
        "7\u000b\r\n{\"n\":1}\r\n0\r\n\r\n",
        "\r\n{\"n\":1}\r\n0\r\n\r\n",
        "5\r\n{\"n\":1}\r\n0\r\n\r\n",
        "100000007\r\n{\"n\":1}\r\n0\r\n\r\n",
        "10000000000000007\r\n{\"n\":1}\r\n0\r\n\r\n",
        // The last chunk is missing: the next request is not one.
        "7\r\n{\"n\":1}\r\n"
      })
  void chunksThatAreMalformedAre400(String chunks) throws IOException {
    assertRefusedAndClosed(post + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(
      strings = {
        "Content-Length: 007\r\n\r\n" + BODY,
        "Transfer-Encoding:\tchunked\r\n\r\n" + CHUNKS,
        "Transfer-Encoding: cHuNkEd\r\n\r\n" + CHUNKS,
        "Transfer-Encoding: chunked\r\n\r\n7;a=b\r\n{\"n\":1}\r\n0;c\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0007\r\n{\"n\":1}\r\n000\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTrailer: X-Trailer\r\n\r\n7\r\n{\"n\":1}\r\n0\r\nX-Trailer: 1\r\nContent-Length: 9\r\nAuthorization: Bearer x\r\n\r\n",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: 7\r\n\r\n"
            + BODY
      })
  void aBodyReachesTheServiceWithOneLength(String rest) throws IOException {
    var received = assertPassedOn(post + rest);

    assertThat(received.body()).isEqualTo(BODY);
    assertThat(names(received))
        .containsOnlyOnce("content-length")
        .doesNotContain("transfer-encoding", "trailer", "x-trailer", "upgrade", "http2-settings");
    assertThat(received.head()).containsIgnoringCase("content-length: 7");
  }

  @Test
  void aTransferCodingBesideChunkedIs501() throws IOException {
    assertRefused(
        post + "Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKS, 501, "not-implemented");
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(
      strings = {
        "GET /products/first HTTP/1.1\nHost: shop\n\n",
        "GET /products/first HTTP/1.1\r\nHost: shop\nX-A: 1\r\n\r\n",
        GET + "X-A: a\0b\r\n\r\n",
        GET + "X\0A: a\r\n\r\n",
        GET + "X-A: a\rX-Forwarded-For: 1\r\n\r\n",
        GET + "X-A: a\u000bb\r\n\r\n",
        GET + "X-A: a\fb\r\n\r\n",
        GET + "X-A : 1\r\n\r\n",
        GET + "X-A\r\n\r\n",
        GET + ": 1\r\n\r\n",
        "GET /products/first HTTP/1.1\r\nHost : shop\r\n\r\n",
        "GET /products/first HTTP/1.1\r\n X-A: 1\r\nHost: shop\r\n\r\n",
        "GET /products/first HTTP/1.1 \r\nHost: shop\r\n\r\n",
        "GET /products/first HTTP/1.1 HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /products/fi rst HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /products/first\rX HTTP/1.1\r\nHost: shop\r\n\r\n",
        "G@T /products/first HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /products/first\r\n\r\n",
        "GET /products/first HTTP/01.1\r\nHost: shop\r\n\r\n",
        "GET /products/first HTTP/2.0\r\nHost: shop\r\n\r\n",
        "GET /products/first HTTP/3\r\nHost: shop\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n" + GET + "\r\n",
        "\0" + GET + "\r\n"
      })
  void aHeadThatIsMalformedIs400(String request) throws IOException {
    assertRefusedAndClosed(request);
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(
      strings = {
        GET + "X-A: 1\r\n 2\r\n\r\n",
        "\r\n\r\n" + GET + "\r\n",
        "GET\t/products/first\tHTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET  /products/first  HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /products/first#/../x HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET http://other.example/products/first HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET lb://payment-service/products/first HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /products/first HTTP/1.2\r\nHost: shop\r\n\r\n"
      })
  void anUnusualHeadIsPassedOnInTheUsualForm(String request) throws IOException {
    var received = assertPassedOn(request);

    assertThat(received.head()).startsWith("GET /products/first HTTP/1.1\r\n");
    assertThat(received.head()).contains("host: " + ORDERS.url().substring("http://".length()));
    assertThat(names(received)).containsOnlyOnce("host");
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(
      strings = {
        "/products/../orders",
        "/products/..",
        "//other.example/products/first",
        "/products;a=b/first",
        "/products%2f..%2fadmin",
        "/products/..%5corders",
        "/products/..\\orders",
        "/products/%2e%2e/orders",
        "/products/%252e%252e/orders",
        "/products/%c0%ae%c0%ae/orders",
        "/products/..%c0%aforders",
        "/products/%e0%80%af",
        "/products/%ed%a0%80",
        "/products/%ff",
        "/products/%u002e%u002e/orders",
        "/products/a%00b",
        "/products/a\0b",
        "/products/a%0d%0aX-Injected:%201",
        "/products/a%09b",
        "/products/a%7fb",
        "/products/%zz",
        "/products/%"
      })
  void anAmbiguousPathIs400(String path) throws IOException {
    assertRefused("GET " + path + " HTTP/1.1\r\nHost: shop\r\n\r\n", 400, "malformed-request");
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(
      strings = {
        "/products/a%20b+c%2Bd%3A%23%3f",
        "/products/%C3%A9%F0%9F%98%80",
        "/products/a?q=a+b%20c%2B%26%3d&r=/../;%0d%0aX:%201"
      })
  void aPathAndItsQueryAreNotChanged(String path) throws IOException {
    var received = assertPassedOn("GET " + path + " HTTP/1.1\r\nHost: shop\r\n\r\n");

    assertThat(received.path()).isEqualTo(path);
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(
      strings = {
        "CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\n\r\n",
        "CONNECT /products/first HTTP/1.1\r\nHost: shop\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET shop:80 HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET @other.example/products/first HTTP/1.1\r\nHost: shop\r\n\r\n",
        "get /products/first HTTP/1.1\r\nHost: shop\r\n\r\n"
      })
  void aTargetOrMethodThatDoesNotExistIs404(String request) throws IOException {
    assertRefused(request, 404, "not-found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop, other",
        "a@shop",
        "shop/x",
        "",
        "shop\r\nHost: other",
        "shop\r\nHost: shop"
      })
  void aHostThatIsUncertainIs400(String host) throws IOException {
    assertRefused(
        "GET /products/first HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 400, "malformed-request");
  }

  @Test
  void everyVersionSinceHttp11RequiresHost() throws IOException {
    assertRefused("GET /products/first HTTP/1.2\r\n\r\n", 400, "malformed-request");
  }

  @Test
  void headersThatConnectionNamesAreRemoved() throws IOException {
    var received =
        assertPassedOn(
            GET
                + "Connection: keep-alive, X-First, traceparent\r\n"
                + "Connection: X-Second\r\n"
                + "X-First: 1\r\nX-Second: 2\r\nAccept-Language: en\r\n\r\n");

    assertThat(names(received))
        .contains("accept-language", "traceparent")
        .doesNotContain("x-first", "x-second", "connection");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "idempotency-key",
        "Content-Length",
        "Content-Type",
        "Transfer-Encoding",
        "Host",
        "If-Match",
        "keep-alive, Cookie"
      })
  void aHeaderForTheServiceMustNotBeNamedByConnection(String name) throws IOException {
    assertRefused(
        post
            + "Idempotency-Key: 0123456789abcdef\r\nConnection: "
            + name
            + "\r\nContent-Length: 7\r\n\r\n"
            + BODY,
        400,
        "malformed-request");
  }

  @Test
  void headersOfAnotherConnectionOrServerAreRemoved() throws IOException {
    var received =
        assertPassedOn(
            GET
                + "Keep-Alive: timeout=1000\r\nTE: gzip, trailers\r\nProxy-Connection: keep-alive\r\n"
                + "Proxy-Authorization: Basic x\r\nProxy: http://other.example\r\nForwarded: for=10.0.0.1\r\n"
                + "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Host: other\r\nX_Forwarded_For: 10.0.0.1\r\n"
                + "X-Real-IP: 10.0.0.1\r\nContent_Length: 7\r\nAccept-Language: en\r\n\r\n");

    assertThat(names(received))
        .containsExactlyInAnyOrder(
            "accept-language", "traceparent", "user-agent", "host", "accept");
  }

  @Test
  void anExpectationIsAnsweredByTheGateway() throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send(post + "Expect: 100-continue\r\nContent-Length: 7\r\n\r\n");
      assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(ORDERS.requests()).isEmpty();

      client.send(BODY);

      assertThat(client.read().status()).isEqualTo(200);
    }
    assertThat(ORDERS.requests()).hasSize(1);
    assertThat(names(ORDERS.requests().getFirst())).doesNotContain("expect");
  }

  @Test
  void aBodyThatWillBeRefusedIsNotAskedFor() throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send(post + "Expect: 100-continue\r\nContent-Length: 70000\r\n\r\n");

      client.read().assertProblem(413, "content-too-large");
      client.send(NEXT);
      assertThat(client.rest()).isEmpty();
    }
    assertThat(ORDERS.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"100-continue", "200-maybe"})
  void anExpectationIsNotPassedOn(String expectation) throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send(post + "Expect: " + expectation + "\r\nContent-Length: 7\r\n\r\n" + BODY);

      var response = client.read();
      assertThat((response.status() == 100 ? client.read() : response).status()).isEqualTo(200);
      client.send(NEXT);
      assertThat(client.read().body()).isEqualTo("GET /products/next");
    }
    assertThat(names(ORDERS.requests().getFirst())).doesNotContain("expect");
  }

  @Test
  void aHeadThatIsTooLargeIs431() throws IOException {
    assertRefusedAndClosed(
        GET + "X-A: " + "x".repeat(20_000) + "\r\n\r\n", 431, "request-header-fields-too-large");
    assertRefusedAndClosed(
        GET + "X-A: 1\r\n".repeat(3_000) + "\r\n", 431, "request-header-fields-too-large");
  }

  @ParameterizedTest
  @CsvSource({"/nothing,404,not-found", "/products/first,401,unauthorized"})
  void theBodyOfARefusedRequestIsNotARequest(String path, int status, String type)
      throws IOException {
    String smuggled = "GET /products/smuggled HTTP/1.1\r\nHost: shop\r\n\r\n";

    assertRefused(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: shop\r\nContent-Length: "
            + smuggled.length()
            + "\r\n\r\n"
            + smuggled,
        status,
        type);
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(
      strings = {
        "Content-Length: 7\r\n\r\n{\"n\"",
        "Transfer-Encoding: chunked\r\n\r\n7\r\n{\"n\"",
        "Transfer-Encoding: chunked\r\n\r\n7\r\n{\"n\":1}\r\n"
      })
  void aBodyThatTheClientBreaksOffReachesNobody(String rest) throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send(post + rest).endInput();
      assertThat(client.rest()).doesNotContain("HTTP/1.1 200");
    }

    assertThat(GATEWAY.get("/products/later").body()).isEqualTo("GET /products/later");
    assertThat(ORDERS.requests()).hasSize(1);
  }

  /** The request is refused, the connection is closed, and the service gets nothing. */
  private static void assertRefusedAndClosed(String request) throws IOException {
    assertRefusedAndClosed(request, 400, "malformed-request");
  }

  private static void assertRefusedAndClosed(String request, int status, String type)
      throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send(request + NEXT);

      client.read().assertProblem(status, type);
      assertThat(client.rest()).isEmpty();
    }
    assertThat(ORDERS.requests()).isEmpty();
  }

  /** The request is refused, and the service gets the next one alone. */
  private static void assertRefused(String request, int status, String type) throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send(request + NEXT);

      client.read().assertProblem(status, type);
      assertThat(client.read().body()).isEqualTo("GET /products/next");
    }
    assertThat(ORDERS.requests()).hasSize(1);
  }

  /** The service gets the request once and the next one after it; so do later ones. */
  private static RawService.Request assertPassedOn(String request) throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send(request + NEXT);

      assertThat(client.read().status()).isEqualTo(200);
      assertThat(client.read().body()).isEqualTo("GET /products/next");
    }
    assertThat(ORDERS.requests()).hasSize(2);
    assertThat(GATEWAY.get("/products/later").body()).isEqualTo("GET /products/later");
    await().until(() -> ORDERS.requests().size() == 3);
    return ORDERS.requests().getFirst();
  }

  private static List<String> names(RawService.Request received) {
    return received
        .head()
        .lines()
        .skip(1)
        .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
        .toList();
  }
}
