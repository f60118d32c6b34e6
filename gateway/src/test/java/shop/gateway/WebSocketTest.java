package shop.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** WebSockets between clients and services. */
@Tag("slow")
class WebSocketTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  private final JsonNode tokens = Routed.GATEWAY.loginNewAccount();
  private final List<Socket> opened = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    opened.forEach(socket -> socket.webSocket.abort());
    var admin = Routed.GATEWAY.login(Gateway.ADMIN);
    await().atMost(30, SECONDS).untilAsserted(() -> assertThat(inFlight(admin)).isZero());
  }

  @Test
  void messagesPassBothWays() {
    var socket = open("/notifications/live/echo");

    socket.send("hello");
    assertThat(socket.next()).isEqualTo("hello");
    socket.webSocket.sendBinary(ByteBuffer.wrap(new byte[60_000]), true).join();
    assertThat(socket.next()).isEqualTo("60000 bytes");
    socket.webSocket.sendText("in ", false).join();
    socket.webSocket.sendText("parts", true).join();
    assertThat(socket.next()).isEqualTo("in parts");
    var admin = Routed.GATEWAY.login(Gateway.ADMIN);
    assertThat(inFlight(admin)).isEqualTo(1);
    assertThat(service(admin).get("concurrencyLimit").get("inFlight").asInt()).isZero();
  }

  @Test
  void pingsReachTheServiceAndAreAnswered() {
    var socket = open("/notifications/live/ping");

    socket.webSocket.sendPing(ByteBuffer.wrap(new byte[] {1, 2, 3})).join();

    assertThat(socket.next()).isEqualTo("pong 3");
  }

  @Test
  void theServiceChoosesTheSubprotocol() {
    var socket = open("/notifications/live/sub", "v1.shop", "v2.shop");

    assertThat(socket.webSocket.getSubprotocol()).isEqualTo("v2.shop");
  }

  @Test
  void theServicesCloseReachesTheClientAfterItsMessages() {
    var socket = open("/notifications/live/closes");

    assertThat(socket.next()).isEqualTo("last words");
    assertThat(socket.next()).isEqualTo("closed 4001 enough");
  }

  @Test
  void theClientsCloseReachesTheService() {
    var path = "/notifications/live/one/echo-close";
    var socket = open(path);

    socket.webSocket.sendClose(4002, "bye").join();

    await().untilAsserted(() -> assertThat(Routed.CLOSED.get(path)).isEqualTo("4002 bye"));
    assertThat(socket.next()).isEqualTo("closed 4002 bye");
  }

  @Test
  void aClientThatIsGoneEndsTheServicesSide() {
    var path = "/notifications/live/gone/echo-close";
    var socket = open(path);

    socket.webSocket.abort();

    await()
        .untilAsserted(
            () -> assertThat(Routed.CLOSED.get(path)).isEqualTo("1001 The client is gone"));
  }

  @Test
  void aLostServiceClosesWithBadGateway() {
    var path = "/notifications/live/lost";
    var socket = open(path);
    await().until(() -> Routed.SOCKETS.containsKey(path));

    var service = Routed.SOCKETS.get(path).channel();
    service.eventLoop().execute(() -> service.unsafe().closeForcibly());

    assertThat(socket.next()).isEqualTo("closed 1014 The connection to the service was lost");
  }

  @Test
  void framesThatAreTooLargeCloseInBothDirections() {
    var sending = open("/notifications/live/sending");
    var _ = sending.webSocket.sendBinary(ByteBuffer.wrap(new byte[70_000]), true);
    assertThat(sending.next()).startsWith("closed 1009");

    var receiving = open("/notifications/live/large");
    assertThat(receiving.next()).startsWith("closed 1009");
  }

  @Test
  void aClientThatDoesNotReadSlowsTheServiceDown() throws Exception {
    try (var client = new RawClient(Routed.GATEWAY)) {
      client.send(request("/notifications/live/flood", KEY)).head();
      await().until(() -> Routed.FLOODED.get() > 0);

      await().atMost(60, SECONDS).during(2, SECONDS).until(unchanged(Routed.FLOODED::get));

      assertThat(Routed.FLOODED.get()).isLessThan(Routed.FLOOD / 4);
    }
  }

  @Test
  void theEndOfTheSessionClosesTheWebSocket() {
    var socket = open("/notifications/live/session");

    assertThat(Routed.GATEWAY.post("/auth/logout", "", Gateway.bearer(tokens)).statusCode())
        .isEqualTo(204);

    assertThat(socket.next()).isEqualTo("closed 1008 The session has ended");
  }

  @Test
  void theWebSocketsOfAnInstanceThatDrainsEndAndMayBeOpenedElsewhere() {
    // given two at each of two instances
    var admin = Gateway.bearer(Routed.GATEWAY.login(Gateway.ADMIN));
    var draining = new ArrayList<Socket>();
    var staying = new ArrayList<Socket>();
    for (int number = 0; number < 4; number++) {
      var socket = openAt(number);
      (isAtFirst(number) ? draining : staying).add(socket);
    }
    assertThat(draining).hasSameSizeAs(staying);

    // when one instance drains
    var drain = "/admin/gateway/instances/drained@127.0.0.1:" + Routed.LIVE.port() + "/drain";
    assertThat(Routed.GATEWAY.post(drain, "{\"deadline\":\"PT3S\"}", admin).statusCode())
        .isEqualTo(200);

    // then its clients are told to connect again, and are at the other one
    try {
      for (var socket : draining) {
        assertThat(socket.next()).isEqualTo("closed 1012 The instance is stopping; connect again");
      }
      openAt(4);
      assertThat(isAtFirst(4)).isFalse();
      for (var socket : staying) {
        socket.send("still here");
        assertThat(socket.next()).isEqualTo("still here");
      }
    } finally {
      Routed.GATEWAY.delete(drain, admin);
    }
  }

  @Test
  void aWebSocketWithoutFramesIsClosed() {
    var socket = open("/notifications/live/idle");
    socket.send("frames are not the head of a request");
    assertThat(socket.next()).startsWith("frames");

    assertThat(socket.next()).isEqualTo("closed 1001 Nothing was sent for too long");
  }

  @Test
  void aClientMayHaveOnlySoMany() {
    for (int number = 0; number < Routed.MAX_PER_CLIENT; number++) {
      open("/notifications/live/many");
    }
    assertThat(refusal("/notifications/live/many")).isEqualTo(429);

    opened.removeFirst().webSocket.abort();

    await().untilAsserted(() -> open("/notifications/live/many"));
  }

  @Test
  void theHandshakeIsAuthenticatedAndTheServiceMayRefuse() {
    assertThat(refusal(HTTP.newWebSocketBuilder(), "/notifications/live/echo")).isEqualTo(401);
    assertThat(refusal("/notifications/live/refused")).isEqualTo(404);
  }

  @Test
  void pagesOfOtherOriginsMayNotOpenOne() throws Exception {
    assertThat(handshake("/notifications/live/echo", "Origin: https://evil.example\r\n" + KEY))
        .isEqualTo(403);
    assertThat(handshake("/notifications/live/echo", "Origin: null\r\n" + KEY)).isEqualTo(403);
    assertThat(handshake("/notifications/live/echo", "Origin: " + Routed.ORIGIN + "\r\n" + KEY))
        .isEqualTo(101);
    assertThat(handshake("/notifications/live/echo", "Origin: http://shop.test\r\n" + KEY))
        .isEqualTo(101);
  }

  @Test
  void malformedHandshakesAreRefused() throws Exception {
    assertThat(handshake("/notifications/live/echo", "Sec-WebSocket-Key: short\r\n"))
        .isEqualTo(400);
    assertThat(handshake("/notifications/live/echo", KEY + KEY)).isEqualTo(400);
    var withBody = KEY + "Content-Type: application/json\r\nContent-Length: 1\r\n";
    assertThat(
            RawClient.exchange(Routed.GATEWAY, request("/notifications/live/echo", withBody) + "1")
                .status())
        .isEqualTo(400);
    try (var client = new RawClient(Routed.GATEWAY)) {
      client.send(request("/notifications/live/echo", KEY).replace("Version: 13", "Version: 8"));
      var response = client.read();
      response.assertProblem(400, "malformed-request");
      assertThat(response.header("Sec-WebSocket-Version")).isEqualTo("13");
    }
  }

  @Test
  void anOfferOnAnotherRouteIsIgnored() throws Exception {
    try (var client = new RawClient(Routed.GATEWAY)) {
      client.send(request("/notifications/settings", KEY));
      var response = client.read();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.header("Upgrade")).isEmpty();

      client.send(request("/notifications/live/echo", "").replace("Upgrade: websocket\r\n", ""));
      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  private Socket openAt(int number) {
    var socket = open("/notifications/live/drained/" + number);
    socket.send("hello");
    assertThat(socket.next()).isEqualTo("hello");
    return socket;
  }

  private static boolean isAtFirst(int number) {
    var service = Routed.SOCKETS.get("/notifications/live/drained/" + number);
    return ((InetSocketAddress) service.channel().localAddress()).getPort() == Routed.LIVE.port();
  }

  private Socket open(String path, String... subprotocols) {
    var builder = HTTP.newWebSocketBuilder();
    builder.header("Authorization", "Bearer " + tokens.get("access_token").asString());
    if (subprotocols.length > 0) {
      builder.subprotocols(
          subprotocols[0],
          List.of(subprotocols).subList(1, subprotocols.length).toArray(String[]::new));
    }
    var socket = new Socket();
    socket.webSocket = builder.buildAsync(uri(path), socket).orTimeout(30, SECONDS).join();
    opened.add(socket);
    return socket;
  }

  private int refusal(String path) {
    var builder = HTTP.newWebSocketBuilder();
    return refusal(
        builder.header("Authorization", "Bearer " + tokens.get("access_token").asString()), path);
  }

  private static int refusal(WebSocket.Builder builder, String path) {
    var status = new CompletableFuture<Integer>();
    assertThatThrownBy(() -> builder.buildAsync(uri(path), new Socket()).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> status.complete(refused.getResponse().statusCode()));
    return status.join();
  }

  private int handshake(String path, String headers) throws Exception {
    try (var client = new RawClient(Routed.GATEWAY)) {
      var head = client.send(request(path, headers)).head();
      return Integer.parseInt(head.split(" ", 3)[1]);
    }
  }

  private String request(String path, String headers) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: shop.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nAuthorization: Bearer "
        + tokens.get("access_token").asString()
        + "\r\n"
        + headers
        + "\r\n";
  }

  /** True as long as the value is that of the call before. */
  private static Callable<Boolean> unchanged(IntSupplier value) {
    var before = new AtomicInteger(-1);
    return () -> before.getAndSet(value.getAsInt()) == before.get();
  }

  private static URI uri(String path) {
    return URI.create("ws://127.0.0.1:" + Routed.GATEWAY.port() + path);
  }

  private static int inFlight(JsonNode admin) {
    return service(admin).get("instances").get(0).get("inFlight").asInt();
  }

  private static JsonNode service(JsonNode admin) {
    var status = Gateway.json(Routed.GATEWAY.get("/admin/gateway/status", Gateway.bearer(admin)));
    for (var service : status.get("services")) {
      if (service.get("name").asString().equals("notification-service")) {
        return service;
      }
    }
    throw new AssertionError("No such service in " + status);
  }

  /** Notes what arrives. */
  private static final class Socket implements WebSocket.Listener {

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private int bytes;
    private WebSocket webSocket;

    void send(String message) {
      webSocket.sendText(message, true).join();
    }

    String next() {
      try {
        return received.poll(60, SECONDS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        received.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      bytes += data.remaining();
      if (last) {
        received.add(bytes + " bytes");
        bytes = 0;
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
      received.add("pong " + data.remaining());
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      received.add("closed " + code + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      received.add("error " + error);
    }
  }
}
