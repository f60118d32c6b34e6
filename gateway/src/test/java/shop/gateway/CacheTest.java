package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.RawClient.exchange;
import static shop.gateway.RawService.reset;
import static shop.gateway.RawService.write;
import static shop.gateway.RawServices.GATEWAY;
import static shop.gateway.RawServices.ORDERS;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The response cache, as bytes: what is stored, who gets it, and who waits for whom. */
@Tag("slow")
class CacheTest {

  private static final AtomicInteger PATHS = new AtomicInteger();
  private static final String FRESH = "Cache-Control: public, max-age=60\r\n";

  private final String path = "/products/cache/" + PATHS.incrementAndGet();
  private final CountDownLatch open = new CountDownLatch(1);

  @AfterEach
  void open() {
    open.countDown();
  }

  @Test
  void aFreshResponseIsServedWithoutTheService() throws IOException {
    serviceAnswers(FRESH + "ETag: \"1\"\r\nX-Kept: yes\r\nAge: 7\r\n", "lamp");

    var first = get();
    var second = get();

    assertThat(first.header("Cache-Status")).isEqualTo("gateway; fwd=miss");
    assertThat(second.header("Cache-Status")).isEqualTo("gateway; hit");
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.body()).isEqualTo("lamp");
    assertThat(second.header("ETag")).isEqualTo("\"1\"");
    assertThat(second.header("X-Kept")).isEqualTo("yes");
    assertThat(Integer.parseInt(second.header("Age"))).isGreaterThanOrEqualTo(7);
    assertThat(asked()).isEqualTo(1);
  }

  @Test
  void aHeadIsAnsweredFromTheResponseToGetAndFillsNothing() throws IOException {
    serviceAnswers(FRESH, "lamp");

    head();
    assertThat(asked()).isEqualTo(1);
    get();
    assertThat(asked()).isEqualTo(2);
    String head = head();

    assertThat(head).contains("Cache-Status: gateway; hit").containsIgnoringCase("length: 4");
    assertThat(asked()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Cache-Control: public\r\n",
        "Cache-Control: private, max-age=60\r\n",
        "Cache-Control: max-age=60, no-store\r\n",
        "Cache-Control: no-cache, max-age=60\r\n",
        "Cache-Control: max-age=0\r\n",
        "Cache-Control: max-age=60\r\nSet-Cookie: a=b\r\n",
        "Cache-Control: max-age=60\r\nVary: *\r\n",
        "Cache-Control: max-age=60\r\nVary: Cookie\r\n",
        "Cache-Control: max-age=60\r\nVary: X-Tenant\r\n",
        "Cache-Control: max-age=60\r\nAge: 60\r\n",
        "Expires: 0\r\nDate: Sat, 21 Nov 2015 09:30:00 GMT\r\n"
      })
  void aResponseThatASharedCacheMustNotReuseIsNotStored(String headers) throws IOException {
    serviceAnswers(headers, "lamp");

    assertThat(get().body()).isEqualTo("lamp");
    assertThat(get().body()).isEqualTo("lamp");

    assertThat(asked()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"404 Not Found", "500 Internal Server Error", "301 Moved"})
  void onlyStatus200IsStored(String status) throws IOException {
    service(connection ->
        write(connection, "HTTP/1.1 " + status + "\r\n" + FRESH + "Content-Length: 0\r\n\r\n"));

    get();
    get();

    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void aRequestWithATokenIsNeitherAnsweredFromTheCacheNorStored() throws IOException {
    serviceAnswers(FRESH, "lamp");

    get("Authorization: Bearer x\r\n");
    get();
    get("Authorization: Bearer x\r\n");
    assertThat(asked()).isEqualTo(3);

    assertThat(get().header("Cache-Status")).isEqualTo("gateway; hit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cache-Control: no-cache\r\n",
        "Cache-Control: no-store\r\n",
        "Cache-Control: max-age=0\r\nPragma: no-cache\r\n",
        "Host: evil.example\r\n",
        "Cookie: a=b\r\n",
        "Range: bytes=0-1\r\n"
      })
  void noHeaderOfAClientMakesTheGatewayAskAgain(String header) throws IOException {
    serviceAnswers(FRESH, "lamp");
    get();

    var response =
        header.startsWith("Host")
            ? exchange(GATEWAY, "GET " + path + " HTTP/1.1\r\n" + header + "\r\n")
            : get(header);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("lamp");
    assertThat(asked()).isEqualTo(1);
  }

  @Test
  void aServiceSeesNoHeaderThatCouldPoisonWhatOthersGet() throws IOException {
    serviceAnswers(FRESH, "lamp");

    get(
        "X-Forwarded-Host: evil.example\r\n",
        "X-Original-URL: /admin\r\n",
        "X-Host: evil.example\r\n",
        "Cookie: a=b\r\n",
        "Origin: https://evil.example\r\n",
        "If-None-Match: \"1\"\r\n",
        "Accept-Language: de\r\n");

    assertThat(ORDERS.requests().stream().filter(r -> r.path().equals(path)).findFirst())
        .get()
        .satisfies(request ->
            assertThat(request.head())
                .containsIgnoringCase("accept-language: de")
                .containsIgnoringCase("traceparent")
                .doesNotContainIgnoringCase("evil")
                .doesNotContainIgnoringCase("cookie")
                .doesNotContainIgnoringCase("original")
                .doesNotContainIgnoringCase("none-match"));
  }

  @Test
  void aResponseIsForRequestsWithTheSameSelectingHeaders() throws IOException {
    RawServices.cached =
        (request, connection) -> {
          boolean german =
              request.head().toLowerCase(java.util.Locale.ROOT).contains("language: de");
          return write(
              connection, response(FRESH + "Vary: Accept-Language\r\n", german ? "Lampe" : "lamp"));
        };

    assertThat(get("Accept-Language: de\r\n").body()).isEqualTo("Lampe");
    assertThat(get("Accept-Language: en\r\n").body()).isEqualTo("lamp");
    assertThat(get("Accept-Language:  de \r\n").body()).isEqualTo("Lampe");
    assertThat(get("Accept-Language: en\r\n").body()).isEqualTo("lamp");

    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void aClientThatHasTheResponseGets304() throws IOException {
    serviceAnswers(
        FRESH + "ETag: \"1\"\r\nLast-Modified: Sat, 21 Nov 2015 09:30:00 GMT\r\nX-Other: 1\r\n",
        "lamp");
    get();

    for (String condition :
        List.of(
            "If-None-Match: \"0\", W/\"1\"",
            "If-None-Match: *",
            "If-Modified-Since: Sat, 21 Nov 2015 09:30:00 GMT")) {
      String head = headOf("GET", condition + "\r\n");
      assertThat(head)
          .as(condition)
          .startsWith("HTTP/1.1 304")
          .contains("ETag: \"1\"", "Cache-Control: public")
          .doesNotContain("X-Other");
    }
    assertThat(get("If-None-Match: \"2\"\r\n").body()).isEqualTo("lamp");
    assertThat(
            get("If-None-Match: \"2\"\r\nIf-Modified-Since: Sat, 21 Nov 2015 09:30:00 GMT\r\n")
                .status())
        .isEqualTo(200);
    get("If-None-Match: nonsense\r\n").assertProblem(400, "malformed-request");
    assertThat(asked()).isEqualTo(1);
  }

  @Test
  void aHundredEqualRequestsThatArriveTogetherAreOneForTheService() throws Exception {
    service(connection -> whenOpen() && write(connection, response(FRESH, "lamp")));

    var clients = sendTogether(100);
    open.countDown();

    for (var client : clients) {
      assertThat(client.read().body()).isEqualTo("lamp");
      client.close();
    }
    assertThat(asked()).isEqualTo(1);
  }

  @Test
  void theClientThatCausedAFillMayLeave() throws Exception {
    service(connection -> whenOpen() && write(connection, response(FRESH, "lamp")));
    var leader = new RawClient(GATEWAY).send(request("GET", ""));
    await().until(() -> asked() == 1);
    var follower = new RawClient(GATEWAY).send(request("GET", ""));

    leader.close();
    awaitExchangesSettled();
    open.countDown();

    assertThat(follower.read().body()).isEqualTo("lamp");
    follower.close();
    assertThat(get().header("Cache-Status")).isEqualTo("gateway; hit");
    assertThat(asked()).isEqualTo(1);
  }

  @Test
  void requestsForAnUncacheableResponseDoNotWaitForEachOther() throws Exception {
    service(connection -> whenOpen() && write(connection, response("", "mine")));

    var clients = sendTogether(10);
    open.countDown();

    for (var client : clients) {
      assertThat(client.read().body()).isEqualTo("mine");
      client.close();
    }
    assertThat(asked()).isEqualTo(10);
    assertThat(get().header("Cache-Status")).isEqualTo("gateway; fwd=bypass");
  }

  @Test
  void requestsThatWaitShareAnErrorOfTheService() throws Exception {
    service(connection ->
        whenOpen()
            && write(
                connection, "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops"));

    var clients = sendTogether(10);
    open.countDown();

    for (var client : clients) {
      var response = client.read();
      assertThat(response.status()).isEqualTo(500);
      assertThat(response.body()).isEqualTo("oops");
      client.close();
    }
    assertThat(asked()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"Content-Length: 300000", "Transfer-Encoding: chunked"})
  void aBodyOverTheLimitIsStreamedAndNotStored(String framing) throws Exception {
    String body = "x".repeat(300_000);
    service(connection ->
        write(
            connection,
            "HTTP/1.1 200 OK\r\n"
                + FRESH
                + framing
                + "\r\n\r\n"
                + (framing.startsWith("T")
                    ? Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n"
                    : body)));

    for (int i = 1; i <= 2; i++) {
      try (var client = new RawClient(GATEWAY)) {
        client.send(request("GET", "Connection: close\r\n"));
        client.head();
        assertThat(client.rest().chars().filter(c -> c == 'x').count()).isEqualTo(300_000);
      }
      assertThat(asked()).isEqualTo(i);
    }
  }

  @Test
  void aChunkedBodyIsStoredWithALength() throws IOException {
    service(connection ->
        write(
            connection,
            "HTTP/1.1 200 OK\r\n"
                + FRESH
                + "Transfer-Encoding: chunked\r\n\r\n2\r\nla\r\n2\r\nmp\r\n0\r\n\r\n"));

    get();
    var stored = get();

    assertThat(stored.body()).isEqualTo("lamp");
    assertThat(stored.header("Content-Length")).isEqualTo("4");
    assertThat(stored.head()).doesNotContainIgnoringCase("chunked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 10\r\n\r\nhalf",
        "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "Transfer-Encoding: chunked\r\n\r\nff\r\nhalf"
      })
  void aTruncatedBodyIsAnErrorAndNeverStored(String half) throws IOException {
    service(connection -> {
      write(connection, "HTTP/1.1 200 OK\r\n" + FRESH + half);
      return false;
    });
    get().assertProblem(502, "bad-gateway");

    service(connection -> {
      write(connection, "HTTP/1.1 200 OK\r\n" + FRESH + half);
      return reset(connection);
    });
    get().assertProblem(502, "bad-gateway");

    serviceAnswers(FRESH, "whole");
    assertThat(get().body()).isEqualTo("whole");
    assertThat(get().body()).isEqualTo("whole");
  }

  @Test
  void aBodyThatEndsWithTheConnectionIsNotStored() throws IOException {
    service(connection -> {
      write(connection, "HTTP/1.1 200 OK\r\n" + FRESH + "\r\nhalf");
      return false;
    });

    exchange(GATEWAY, request("GET", "Connection: close\r\n"));
    exchange(GATEWAY, request("GET", "Connection: close\r\n"));

    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void aStaleResponseIsServedWhileANewerOneIsFetched() throws IOException {
    serviceAnswers(stale("stale-while-revalidate=60"), "old");
    get();
    serviceAnswers(FRESH, "new");

    var response = get();

    assertThat(response.body()).isEqualTo("old");
    assertThat(response.header("Cache-Status")).isEqualTo("gateway; hit; fwd=stale");
    await().untilAsserted(() -> assertThat(get().body()).isEqualTo("new"));
    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void aServiceConfirmsAStaleResponse() throws IOException {
    serviceAnswers(stale("stale-while-revalidate=60") + "ETag: \"1\"\r\nX-Version: 1\r\n", "lamp");
    get();
    RawServices.cached =
        (request, connection) -> {
          assertThat(request.head()).containsIgnoringCase("if-none-match: \"1\"");
          return write(
              connection,
              "HTTP/1.1 304 Not Modified\r\n" + FRESH + "ETag: \"1\"\r\nX-Version: 2\r\n\r\n");
        };

    get("If-None-Match: \"other\"\r\n");

    await()
        .untilAsserted(() -> {
          var response = get();
          assertThat(response.header("Cache-Status")).isEqualTo("gateway; hit");
          assertThat(response.header("X-Version")).isEqualTo("2");
          assertThat(response.header("Cache-Control")).isEqualTo("public, max-age=60");
          assertThat(response.body()).isEqualTo("lamp");
        });
    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void aStaleResponseIsServedWhileTheServiceFails() throws IOException {
    serviceAnswers(stale("stale-if-error=60"), "old");
    get();
    service(RawService::reset);
    assertThat(get().body()).isEqualTo("old");
    service(connection ->
        write(connection, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"));

    var response = get();

    assertThat(response.body()).isEqualTo("old");
    assertThat(response.header("Cache-Status")).isEqualTo("gateway; hit; fwd=stale");
  }

  @Test
  void aStaleResponseThatDoesNotExistAnyMoreIsRemoved() throws IOException {
    serviceAnswers(stale("stale-if-error=60"), "old");
    get();
    service(connection -> write(connection, "HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n"));
    assertThat(get().status()).isEqualTo(404);

    service(connection -> write(connection, "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"));

    assertThat(get().status()).isEqualTo(500);
  }

  @Test
  void aChangeOfAResourceRemovesItsResponse() throws IOException {
    serviceAnswers(FRESH, "old");
    get();
    String token = GATEWAY.login(Gateway.ADMIN).get("access_token").asString();
    String put = request("PUT", "Authorization: Bearer " + token + "\r\nContent-Length: 0\r\n");

    service(connection -> write(connection, "HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n"));
    exchange(GATEWAY, put);
    assertThat(get().body()).isEqualTo("old");

    serviceAnswers(FRESH, "new");
    exchange(GATEWAY, put);
    assertThat(get().body()).isEqualTo("new");
  }

  private void serviceAnswers(String headers, String body) {
    service(connection -> write(connection, response(headers, body)));
  }

  /** What the service does with each request. */
  private interface Service {
    boolean answer(Socket connection) throws IOException;
  }

  private static void service(Service service) {
    RawServices.cached = (_, connection) -> service.answer(connection);
  }

  private static String response(String headers, String body) {
    return "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static String stale(String directive) {
    return "Cache-Control: max-age=10, " + directive + "\r\nAge: 10\r\n";
  }

  private boolean whenOpen() {
    try {
      return open.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Sends equal requests; returns when the gateway has read them all. */
  private List<RawClient> sendTogether(int count) throws IOException {
    var clients = new ArrayList<RawClient>();
    for (int i = 0; i < count; i++) {
      clients.add(new RawClient(GATEWAY).send(request("GET", "")));
    }
    await().until(() -> asked() == 1);
    awaitExchangesSettled();
    return clients;
  }

  /** Another connection's request is answered after those that were sent before have arrived. */
  private static void awaitExchangesSettled() throws IOException {
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      exchange(GATEWAY, "GET /livez HTTP/1.1\r\nHost: shop\r\n\r\n");
    }
  }

  private RawClient.Response get(String... headers) throws IOException {
    return exchange(GATEWAY, request("GET", String.join("", headers)));
  }

  private String head() throws IOException {
    return headOf("HEAD", "");
  }

  private String headOf(String method, String headers) throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      return client.send(request(method, headers)).head();
    }
  }

  private String request(String method, String headers) {
    return method + " " + path + " HTTP/1.1\r\nHost: shop\r\n" + headers + "\r\n";
  }

  /** How often the service was asked for the path. */
  private long asked() {
    return ORDERS.requests().stream()
        .filter(request -> request.path().equals(path))
        .filter(request -> !request.method().equals("PUT"))
        .count();
  }
}
