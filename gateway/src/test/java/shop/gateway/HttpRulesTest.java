package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.gateway.Gateway.bearer;
import static shop.gateway.RawClient.exchange;
import static shop.gateway.RawServices.GATEWAY;
import static shop.gateway.RawServices.ORDERS;
import static shop.gateway.RawServices.ORIGIN;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as bytes: what HTTP forbids, what is too large or too slow, and what browsers send. */
@Tag("slow")
class HttpRulesTest {

  private static final String LOGIN =
      "POST /auth/login HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n";

  @BeforeEach
  void clearRequests() {
    ORDERS.requests().clear();
  }

  @Test
  void aRequestWithoutHostIs400() throws IOException {
    exchange(GATEWAY, "GET /products HTTP/1.1\r\n\r\n").assertProblem(400, "malformed-request");
    assertThat(exchange(GATEWAY, "GET /products HTTP/1.0\r\n\r\n").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Idempotency-Key: 0123456789abcdef",
        "Authorization: Bearer x",
        "Content-Type: application/json",
        "Last-Event-ID: 1",
        "Host: shop"
      })
  void aHeaderThatMustBeSingleIs400IfItOccursTwice(String header) throws IOException {
    String first = header.startsWith("Host") ? "" : "Host: shop\r\n";

    var response =
        exchange(
            GATEWAY, "GET /products HTTP/1.1\r\n" + first + header + "\r\n" + header + "\r\n\r\n");

    response.assertProblem(400, "malformed-request");
    assertThat(ORDERS.requests()).isEmpty();
  }

  @Test
  void aChunkedResponseEndsWithTheConnectionForHttp10() throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send("GET /products/chunked HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

      assertThat(client.head()).doesNotContainIgnoringCase("transfer-encoding");
      assertThat(client.rest()).isEqualTo("hello");
    }
  }

  @Test
  void everyPipelinedRequestIsAnsweredBeforeTheConnectionCloses() throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send(
          "GET /products/1 HTTP/1.1\r\nHost: shop\r\n\r\nGET /products/2 HTTP/1.1\r\nHost: shop\r\n\r\nGET /products/3 HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");

      assertThat(client.read().body()).isEqualTo("GET /products/1");
      assertThat(client.read().body()).isEqualTo("GET /products/2");
      assertThat(client.read().body()).isEqualTo("GET /products/3");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aPipelinedRequestWithABodyWaitsForTheResponseBeforeIt() throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send(
          "GET /products/1 HTTP/1.1\r\nHost: shop\r\n\r\n" + LOGIN + "Content-Length: 2\r\n\r\n{");
      assertThat(client.read().body()).isEqualTo("GET /products/1");
      client.send("}GET /products/2 HTTP/1.1\r\nHost: shop\r\n\r\n");

      client.read().assertProblem(422, "invalid-request");
      assertThat(client.read().body()).isEqualTo("GET /products/2");
    }
  }

  @ParameterizedTest
  @CsvSource({"/auth/login", "/products/lamp/stock"})
  void aBodyOver64KilobytesIs413(String path) throws IOException {
    String head =
        "POST " + path + " HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n" + token();
    String large = "{\"a\":\"" + "x".repeat(70_000) + "\"}";

    exchange(GATEWAY, head + "Content-Length: " + large.length() + "\r\n\r\n" + large)
        .assertProblem(413, "content-too-large");
    exchange(
            GATEWAY,
            head
                + "Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(large.length())
                + "\r\n"
                + large
                + "\r\n0\r\n\r\n")
        .assertProblem(413, "content-too-large");
    assertThat(ORDERS.requests()).isEmpty();
  }

  @Test
  void aChunkedBodyReachesTheServiceWithALength() throws IOException {
    var response =
        exchange(
            GATEWAY,
            "POST /products/lamp/stock HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n"
                + token()
                + "Transfer-Encoding: chunked\r\n\r\n7\r\n{\"n\":1}\r\n0\r\n\r\n");

    assertThat(response.status()).isEqualTo(200);
    var received = ORDERS.requests().getFirst();
    assertThat(received.body()).isEqualTo("{\"n\":1}");
    assertThat(received.head())
        .containsIgnoringCase("content-length: 7")
        .doesNotContainIgnoringCase("transfer-encoding");
  }

  @ParameterizedTest
  @CsvSource({"/auth/login", "/products/lamp/stock"})
  void aBodyThatStopsArrivingIs408(String path) throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send("POST " + path + " HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n");
      client.send(token() + "Content-Length: 20\r\n\r\n{\"email\":");

      client.read().assertProblem(408, "request-timeout");
      assertThat(client.rest()).isEmpty();
    }
    assertThat(ORDERS.requests()).isEmpty();
  }

  @Test
  void theRestOfABodyThatNobodyWaitsForClosesTheConnection() throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send("POST /nothing HTTP/1.1\r\nHost: shop\r\nContent-Length: 20\r\n\r\nhalf");

      client.read().assertProblem(404, "not-found");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aHeadThatStopsArrivingIs408() throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send("GET /products HTTP/1.1\r\nHost: sh");

      client.read().assertProblem(408, "request-timeout");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void requestsThatCannotBeParsedAreProblems() throws IOException {
    exchange(GATEWAY, "NONSENSE\r\n\r\n").assertProblem(400, "malformed-request");
    exchange(GATEWAY, "GET /products HTTP/1.1\r\nHost: a b\r\n\r\n")
        .assertProblem(400, "malformed-request");
    exchange(GATEWAY, "GET /products/[1] HTTP/1.1\r\nHost: shop\r\n\r\n")
        .assertProblem(400, "malformed-request");
    exchange(GATEWAY, LOGIN + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")
        .assertProblem(400, "malformed-request");
    exchange(GATEWAY, "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: shop\r\n\r\n")
        .assertProblem(414, "uri-too-long");
    exchange(
            GATEWAY,
            "GET /products HTTP/1.1\r\nHost: shop\r\nX-Large: " + "x".repeat(20_000) + "\r\n\r\n")
        .assertProblem(431, "request-header-fields-too-large");
  }

  @Test
  void anEncodedBodyIs415() throws IOException {
    var response =
        exchange(GATEWAY, LOGIN + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}");

    response.assertProblem(415, "unsupported-media-type");
    assertThat(response.header("Accept-Encoding")).isEqualTo("identity");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json;charset=utf-16", "application/json;charset=none", "text/plain"})
  void aBodyOfAnotherTypeOrCharsetIs415(String type) throws IOException {
    exchange(
            GATEWAY,
            "POST /auth/login HTTP/1.1\r\nHost: shop\r\nContent-Type: "
                + type
                + "\r\nContent-Length: 2\r\n\r\n{}")
        .assertProblem(415, "unsupported-media-type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=99999-", "bytes=0-1,3-4", "nonsense"})
  void aRangeIsIgnored(String range) {
    var whole = GATEWAY.get("/docs");

    var response = GATEWAY.get("/docs", "Range", range);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(whole.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00ff", "\u0000"})
  void aBodyThatIsNotUtf8Is400(String bytes) throws IOException {
    String body = "{\"email\":\"" + bytes + "@x.test\",\"password\":\"correct horse\"}";

    exchange(GATEWAY, LOGIN + "Content-Length: " + body.length() + "\r\n\r\n" + body)
        .assertProblem(400, "malformed-request");
  }

  @Test
  void aMemberThatOccursTwiceIs400() throws IOException {
    String body = "{\"email\":\"a@x.test\",\"email\":\"b@x.test\",\"password\":\"correct horse\"}";

    exchange(GATEWAY, LOGIN + "Content-Length: " + body.length() + "\r\n\r\n" + body)
        .assertProblem(400, "malformed-request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"login", "register"})
  void aLoneSurrogateInAPasswordIs422(String call) {
    var response =
        GATEWAY.post(
            "/auth/" + call, "{\"email\":\"a@x.test\",\"password\":\"correct \\ud800 horse\"}");

    AccessTest.assertProblem(response, 422, "/problems/invalid-request");
    assertThat(Gateway.json(response).at("/errors/0/pointer").asString()).isEqualTo("/password");
  }

  @Test
  void aPairOfSurrogatesInAPasswordIsAccepted() {
    String email = Gateway.anyAddress();
    String body = "{\"email\":\"" + email + "\",\"password\":\"correct \\ud83d\\ude00 horse\"}";

    assertThat(GATEWAY.post("/auth/register", body).statusCode()).isEqualTo(201);
    assertThat(GATEWAY.post("/auth/login", body).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/auth/sessions", "/v3/api-docs", "/problems", "/docs", "/.well-known/jwks.json"})
  void noQueryAndNoAcceptHeaderIsAnInternalError(String path) throws IOException {
    String many = "a/b,".repeat(50) + "a/b";
    for (String accept :
        new String[] {"application/json;charset=utf-16", many, "nonsense", "*/*"}) {
      var response =
          exchange(
              GATEWAY,
              "GET "
                  + path
                  + "?foo=%FF&%C0%AF=1 HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nAccept: "
                  + accept
                  + "\r\n"
                  + token()
                  + "\r\n");

      assertThat(response.status()).as(accept).isIn(200, 406);
      if (response.status() == 406) {
        response.assertProblem(406, "not-acceptable");
      }
    }
  }

  @Test
  void optionsNeedsWhatGetNeeds() throws IOException {
    assertThat(options("/products").status()).isEqualTo(200);
    options("/orders").assertProblem(401, "unauthorized");
    var own = options("/.well-known/jwks.json");
    assertThat(own.header("Allow")).contains("GET", "HEAD", "OPTIONS");
  }

  @Test
  void aPreflightOfAnAllowedOriginIsAnsweredWithoutATokenOrAService() throws IOException {
    var response = preflight(GATEWAY, ORIGIN);

    assertThat(response.status()).isEqualTo(204);
    assertThat(response.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
    assertThat(response.header("Access-Control-Allow-Headers")).contains("Idempotency-Key");
    assertThat(response.header("Access-Control-Allow-Credentials")).isEmpty();
    assertThat(response.header("Vary")).containsIgnoringCase("Origin");
    assertThat(ORDERS.requests()).isEmpty();
  }

  @Test
  void aPreflightOfAnotherOriginIs403AndNoneIsAllowedByDefault() throws IOException {
    preflight(GATEWAY, "https://evil.example").assertProblem(403, "origin-not-allowed");
    preflight(Shared.gateway(), ORIGIN).assertProblem(403, "origin-not-allowed");
  }

  @Test
  void onlyPagesOfAllowedOriginsMayReadResponses() throws IOException {
    for (String path : new String[] {"/products", "/orders", "/nothing"}) {
      String get = "GET " + path + " HTTP/1.1\r\nHost: shop\r\nOrigin: ";

      var allowed = exchange(GATEWAY, get + ORIGIN + "\r\n\r\n");
      var other = exchange(GATEWAY, get + "https://evil.example\r\n\r\n");

      assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
      assertThat(allowed.header("Access-Control-Expose-Headers")).contains("Location");
      assertThat(other.status()).isEqualTo(allowed.status());
      assertThat(other.header("Access-Control-Allow-Origin")).isEmpty();
    }
  }

  @Test
  void aBrowserIsLedToThePage() {
    var start = GATEWAY.get("/", "Accept", "text/html,application/xhtml+xml");
    var slash = GATEWAY.get("/docs/");

    assertThat(start.statusCode()).isEqualTo(303);
    assertThat(start.headers().firstValue("Location")).contains("/docs");
    assertThat(slash.statusCode()).isEqualTo(308);
    assertThat(slash.headers().firstValue("Location")).contains("/docs");
    assertThat(GATEWAY.get("/docs").statusCode()).isEqualTo(200);
  }

  private static RawClient.Response options(String path) throws IOException {
    return exchange(GATEWAY, "OPTIONS " + path + " HTTP/1.1\r\nHost: shop\r\n\r\n");
  }

  private static RawClient.Response preflight(Gateway gateway, String origin) throws IOException {
    return exchange(
        gateway,
        "OPTIONS /orders HTTP/1.1\r\nHost: shop\r\nOrigin: "
            + origin
            + "\r\n"
            + "Access-Control-Request-Method: POST\r\n"
            + "Access-Control-Request-Headers: idempotency-key\r\n\r\n");
  }

  private static String token() {
    return "Authorization: " + bearer(Admin.TOKENS)[1] + "\r\n";
  }

  /** Logs in once. */
  private static final class Admin {
    static final tools.jackson.databind.JsonNode TOKENS = GATEWAY.login(Gateway.ADMIN);
  }
}
