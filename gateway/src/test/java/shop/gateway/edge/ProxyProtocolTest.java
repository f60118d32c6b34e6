package shop.gateway.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import shop.common.testkit.TempFolders;

/** A server that answers with the address of its client. 127.0.0.2 is a trusted proxy. */
class ProxyProtocolTest {

  private static final String PROXY = "127.0.0.2";
  private static final String CLIENT = "127.0.0.1";
  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n";
  private static final String V1 = "PROXY TCP4 203.0.113.7 127.0.0.1 4711 443\r\n";
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String V2_IPV4 = SIGNATURE + "2111000ccb0071077f000001126701bb";
  private static final String V2_IPV6 =
      SIGNATURE + "21210024" + "20010db8000000000000000000000007" + "00".repeat(15) + "01126701bb";
  private static final String V2_LOCAL = SIGNATURE + "20000000";
  private static final String V2_LOCAL_WITH_ADDRESS =
      SIGNATURE + "2011000ccb0071077f000001126701bb";

  private static DisposableServer server;
  private static DisposableServer impatient;

  @BeforeAll
  static void start() {
    server = serve(HttpServer.create(), Duration.ofMinutes(1));
    impatient = serve(HttpServer.create(), Duration.ofMillis(100));
  }

  @AfterAll
  static void stop() {
    server.disposeNow();
    impatient.disposeNow();
  }

  @Test
  void aTrustedProxyNamesItsClient() throws IOException {
    assertThat(answer(PROXY, V1 + REQUEST)).endsWith("203.0.113.7");
    assertThat(answer(PROXY, "PROXY TCP6 2001:db8::7 ::1 4711 443\r\n" + REQUEST))
        .endsWith("2001:db8:0:0:0:0:0:7");
    assertThat(answer(PROXY, "PROXY TCP6 ::ffff:203.0.113.7 ::1 4711 443\r\n" + REQUEST))
        .endsWith("203.0.113.7");
    assertThat(answer(PROXY, text(V2_IPV4) + REQUEST)).endsWith("203.0.113.7");
    assertThat(answer(PROXY, text(V2_IPV6) + REQUEST)).endsWith("2001:db8:0:0:0:0:0:7");
  }

  @Test
  void aHeaderWithoutAClientLeavesTheProxy() throws IOException {
    assertThat(answer(PROXY, "PROXY UNKNOWN\r\n" + REQUEST)).endsWith("connection");
    assertThat(answer(PROXY, text(V2_LOCAL) + REQUEST)).endsWith("connection");
    assertThat(answer(PROXY, text(V2_LOCAL_WITH_ADDRESS) + REQUEST)).endsWith("connection");
  }

  @Test
  void theHeaderMayArriveByteByByteAndBeforeTheRequest() throws IOException {
    for (var header : List.of(V1, text(V2_IPV4))) {
      try (var socket = connect(server.port(), PROXY)) {
        socket.setTcpNoDelay(true);
        for (int n = 0; n < header.length(); n++) {
          send(socket, header.substring(n, n + 1));
        }
        send(socket, REQUEST);
        assertThat(rest(socket)).endsWith("203.0.113.7");
      }
    }
  }

  @Test
  void oneHeaderIsOfAllRequestsOfAConnection() throws IOException {
    try (var socket = connect(server.port(), PROXY)) {
      send(socket, V1 + REQUEST.replace("close", "keep-alive") + REQUEST);

      assertThat(rest(socket).split("203.0.113.7", -1)).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        REQUEST,
        "PROXY TCP4 203.0.113.7 127.0.0.1 4711\r\n" + REQUEST,
        "PROXY TCP4 203.0.113.7 127.0.0.1 4711 443" + REQUEST,
        "PROXY TCP4 203.0.113.777 127.0.0.1 4711 443\r\n" + REQUEST,
        "PROXY TCP4 shop.example 127.0.0.1 4711 443\r\n" + REQUEST,
        "PROXY TCP4 2001:db8::7 127.0.0.1 4711 443\r\n" + REQUEST,
        "PROXY TCP4 203.0.113.7 127.0.0.1 4711 70000\r\n" + REQUEST,
        "proxy TCP4 203.0.113.7 127.0.0.1 4711 443\r\n" + REQUEST,
      })
  void aTrustedProxyWithoutAValidHeaderIsClosed(String bytes) throws IOException {
    assertThat(answer(PROXY, bytes)).isEmpty();
  }

  @Test
  void aMalformedOrOversizedBinaryHeaderIsClosed() throws IOException {
    // Version 3, an unknown command, an unknown family, too few bytes for the addresses.
    for (var header : List.of("3111000c", "2211000c", "2151000c", "21110004")) {
      assertThat(answer(PROXY, text(SIGNATURE + header + "00".repeat(12)) + REQUEST)).isEmpty();
    }
    assertThat(answer(PROXY, text(SIGNATURE + "2111ffff" + "00".repeat(6000)))).isEmpty();
    assertThat(answer(PROXY, "PROXY TCP4 " + "1".repeat(200))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PROXY", "PROXY TCP4 203.0.113.7 127.0.0.1 4711 443", "\r\n\r\n\0"})
  void aHeaderThatIsNeverCompletedClosesTheConnection(String beginning) throws IOException {
    assertThat(answer(impatient, PROXY, beginning)).isEmpty();
  }

  @Test
  void nobodyElseMaySendOne() throws IOException {
    assertThat(answer(CLIENT, REQUEST)).endsWith("connection");
    assertThat(answer(CLIENT, V1 + REQUEST)).doesNotContain("203.0.113.7").contains(" 400 ");
    assertThat(answer(CLIENT, text(V2_IPV4) + REQUEST))
        .doesNotContain("203.0.113.7")
        .contains(" 400 ");
  }

  @Test
  void theHeaderIsAheadOfTls() throws Exception {
    var tls = SslContextBuilder.forServer(certificate()).build();
    var secured =
        serve(HttpServer.create().secure(spec -> spec.sslContext(tls)), Duration.ofMinutes(1));
    var client =
        SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).build();
    try (var socket = connect(secured.port(), PROXY)) {
      send(socket, V1);
      var factory = ((io.netty.handler.ssl.JdkSslContext) client).context().getSocketFactory();
      try (var encrypted = factory.createSocket(socket, "localhost", secured.port(), true)) {
        send(encrypted, REQUEST);
        assertThat(rest(encrypted)).endsWith("203.0.113.7");
      }
    } finally {
      secured.disposeNow();
    }
  }

  @Test
  void theProtocolNeedsTrustedProxies() {
    assertThatThrownBy(() -> settings(List.of(), Duration.ofSeconds(1)))
        .hasMessageContaining("set shop.gateway.edge.trusted-proxies");
  }

  private static KeyManagerFactory certificate() throws Exception {
    var file = TempFolders.create("certificate").resolve("server.p12");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var command = "-genkeypair -alias a -keyalg EC -dname CN=localhost -storepass secret -keystore";
    var arguments = new ArrayList<>(List.of(keytool));
    arguments.addAll(List.of(command.split(" ")));
    arguments.add(file.toString());
    assertThat(new ProcessBuilder(arguments).redirectErrorStream(true).start().waitFor()).isZero();
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyStore.getInstance(file.toFile(), "secret".toCharArray()), "secret".toCharArray());
    return keys;
  }

  private static DisposableServer serve(HttpServer server, Duration timeout) {
    return new ProxyProtocol(settings(List.of(PROXY), timeout))
        .require(server)
        .host("127.0.0.1")
        .port(0)
        .handle((request, response) -> {
          var source = ProxyProtocol.source(request);
          return response.sendString(
              Mono.just(source == null ? "connection" : source.getHostAddress()));
        })
        .bindNow();
  }

  private static EdgeSettings settings(List<String> proxies, Duration timeout) {
    return new EdgeSettings(
        proxies, "", List.of(), "", "", EdgeSettings.ProxyProtocolUse.REQUIRED, timeout);
  }

  private static String answer(String from, String bytes) throws IOException {
    return answer(server, from, bytes);
  }

  private static String answer(DisposableServer server, String from, String bytes)
      throws IOException {
    try (var socket = connect(server.port(), from)) {
      try {
        send(socket, bytes);
        return rest(socket);
      } catch (SocketException _) {
        // Reset, because the server has not read all.
        return "";
      }
    }
  }

  private static Socket connect(int port, String from) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.ofLiteral(from), 0);
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static void send(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1).strip();
  }

  private static String text(String hex) {
    return new String(HexFormat.of().parseHex(hex), ISO_8859_1);
  }
}
