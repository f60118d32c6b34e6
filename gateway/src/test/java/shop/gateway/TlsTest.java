package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static shop.gateway.RawService.ok;
import static shop.gateway.RawService.write;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.common.json.Json;
import shop.common.testkit.TempFolders;
import shop.local.LocalCertificate;

/** TLS by real handshakes: what is offered and refused, HTTP/1.1 and HTTP/2 inside, reload. */
@Tag("slow")
class TlsTest {

  private static final int REFUSED_STREAM = 7;
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final String GET = "GET /products/1 HTTP/1.1\r\nHost: shop\r\n\r\n";

  private static final RawService ORDERS = new RawService(TlsTest::orders);
  private static final LocalCertificate CERTIFICATE =
      new LocalCertificate(TempFolders.create("tls")).create(30, "EC");
  private static final Gateway GATEWAY =
      Gateway.startTls(
          CERTIFICATE,
          "ORDER_SERVICE_URLS=" + ORDERS.url(),
          Gateway.NO_HEALTH_CHECKS,
          "TLS_HANDSHAKE_TIMEOUT=4s",
          "TLS_RELOAD_INTERVAL=50ms",
          "REQUEST_HEAD_TIMEOUT=2s",
          "REQUEST_BODY_TIMEOUT=2s",
          "shop.tls.max-streams=3",
          "shop.tls.max-resets=50",
          "shop.tls.max-control-frames=100");

  private static boolean orders(RawService.Request request, Socket connection) throws IOException {
    return switch (request.path()) {
      case "/products/never-ends" ->
          write(
                  connection,
                  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n:\n\n\r\n")
              && connection.getInputStream().readAllBytes().length < 0;
      default -> ok(connection, request.method() + " " + request.path());
    };
  }

  @Test
  void http2AndHttp11AreServed() throws Exception {
    ORDERS.requests().clear();
    for (var version : HttpClient.Version.values()) {
      if (version != HttpClient.Version.HTTP_1_1 && version != HttpClient.Version.HTTP_2) {
        continue;
      }
      try (var client = CERTIFICATE.client().version(version).build()) {
        var response =
            client.send(
                HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + GATEWAY.port() + "/products/1"))
                    .build(),
                BodyHandlers.ofString());

        assertThat(response.version()).isEqualTo(version);
        assertThat(response.body()).isEqualTo("GET /products/1");
      }
    }
    assertThat(ORDERS.requests())
        .hasSize(2)
        .allSatisfy(request -> assertThat(request.head()).doesNotContainIgnoringCase("x-http2-"));
    assertThat(GATEWAY.managementStatus("/actuator/health")).isEqualTo(200);
  }

  @Test
  void loginsWorkOverHttp2() {
    assertThat(GATEWAY.loginNewAccount().has("access_token")).isTrue();
  }

  /** A ClientHello whose highest version is TLS 1.1; the JDK's client no longer sends one. */
  @Test
  void tls11IsRefused() throws IOException {
    byte[] hello = new byte[52];
    byte[] start = {0x16, 3, 1, 0, 47, 1, 0, 0, 43, 3, 2};
    System.arraycopy(start, 0, hello, 0, start.length);
    // After 32 random bytes: no session, two cipher suites, no compression.
    byte[] end = {0, 0, 4, (byte) 0xc0, 0x13, (byte) 0xc0, 9, 1, 0};
    System.arraycopy(end, 0, hello, 43, end.length);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), GATEWAY.port())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(hello);

      byte[] alert = socket.getInputStream().readNBytes(7);

      int protocolVersion = 70;
      assertThat(alert).hasSize(7).startsWith(0x15).endsWith(2, protocolVersion);
    }
  }

  @Test
  void cipherSuitesWithoutAuthenticatedEncryptionAreRefused() {
    assertThatThrownBy(() ->
            TlsSockets.connect(
                GATEWAY,
                parameters -> {
                  parameters.setProtocols(new String[] {"TLSv1.2"});
                  parameters.setCipherSuites(
                      new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
                }))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("handshake_failure");
  }

  @Test
  void aHandshakeThatDoesNotBeginEnds() throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void plainHttpIsNotAnswered() throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      assertThat(client.send(GET).rest()).doesNotContain("HTTP/1.1");
    }
  }

  @Test
  void everyResponseTellsBrowsersToUseTlsOnly() {
    assertThat(GATEWAY.get("/products/1").headers().firstValue("Strict-Transport-Security"))
        .contains("max-age=31536000");
    var error = GATEWAY.get("/nothing");
    assertThat(error.statusCode()).isEqualTo(404);
    assertThat(error.headers().allValues("Strict-Transport-Security")).hasSize(1);
    var rejected = GATEWAY.get("/products//1");
    assertThat(rejected.statusCode()).isEqualTo(400);
    assertThat(rejected.headers().allValues("Strict-Transport-Security")).hasSize(1);
  }

  @Test
  void theRulesOfHttp11HoldInsideTls() throws IOException {
    try (var client = http1()) {
      client.send("GET /products/1 HTTP/1.1\r\nHost: shop\r\n\r\n" + GET);
      assertThat(client.read().body()).isEqualTo("GET /products/1");
      assertThat(client.read().body()).isEqualTo("GET /products/1");
      client.send("GET /products HTTP/1.1\r\nHost: sh");
      client.read().assertProblem(408, "request-timeout");
      assertThat(client.rest()).isEmpty();
    }
    try (var client = http1()) {
      client.send("GET / HTTP/1.1\r\nHost: shop\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
      client.read().assertProblem(431, "request-header-fields-too-large");
    }
  }

  @Test
  void aBodyThatStopsArrivingOverHttp2Is408AndEndsItsStreamOnly() throws IOException {
    try (var client = http2()) {
      client.post(1, "/auth/login", 20).send(Http2Client.DATA, 0, 1, new byte[] {'{'});

      var response = client.response(1);

      assertThat(response.status()).isEqualTo(408);
      assertThat(Json.MAPPER.readTree(response.body()).get("type").asString())
          .isEqualTo("/problems/request-timeout");
      assertThat(client.get(3, "/products/1").response(3).body()).isEqualTo("GET /products/1");
    }
  }

  /** Otherwise three such requests would be all that the connection may ever have. */
  @Test
  void theRestOfABodyThatNobodyWaitsForEndsItsStream() throws IOException {
    try (var client = http2()) {
      for (int stream = 1; stream < 7; stream += 2) {
        client.post(stream, "/nothing", 20).send(Http2Client.DATA, 0, stream, new byte[] {'{'});
        assertThat(client.response(stream).status()).isEqualTo(404);
      }

      for (int i = 0; i < 3; i++) {
        assertThat(client.await(frame -> frame.type() == Http2Client.RST_STREAM).error()).isZero();
      }
      assertThat(client.get(7, "/products/1").response(7).status()).isEqualTo(200);
    }
  }

  @Test
  void furtherStreamsThanAllowedAreRefused() throws IOException {
    try (var client = http2()) {
      for (int stream = 1; stream < 7; stream += 2) {
        client.get(stream, "/products/never-ends");
        int opened = stream;
        client.headers(
            client.await(frame -> frame.type() == Http2Client.HEADERS && frame.stream() == opened));
      }
      client.get(7, "/products/1");
      var refused = client.await(frame -> frame.stream() == 7);
      assertThat(refused.type()).isEqualTo(Http2Client.RST_STREAM);
      assertThat(refused.error()).isEqualTo(REFUSED_STREAM);

      client.cancel(1).get(9, "/products/1");

      assertThat(client.response(9).status()).isEqualTo(200);
    }
  }

  @Test
  void aFloodOfResetsClosesItsConnectionOnly() throws IOException {
    try (var other = http2();
        var client = http2()) {
      assertThat(other.get(1, "/products/1").response(1).status()).isEqualTo(200);

      // Streams that the gateway does not end before their reset arrives.
      String path = "/products/never-ends";
      assertThat(flood(client, 51, stream -> client.get(stream, path).cancel(stream)))
          .isEqualTo(ENHANCE_YOUR_CALM);

      assertThat(other.get(3, "/products/1").response(3).status()).isEqualTo(200);
    }
  }

  @Test
  void aFloodOfControlFramesClosesTheConnection() throws IOException {
    try (var client = http2()) {
      assertThat(flood(client, 100, _ -> client.send(Http2Client.PING, 0, 0, new byte[8])))
          .isEqualTo(ENHANCE_YOUR_CALM);
    }
    try (var client = http2()) {
      assertThat(flood(client, 100, _ -> client.send(Http2Client.SETTINGS, 0, 0)))
          .isEqualTo(ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void aFloodOfEmptyContinuationsClosesTheConnection() throws IOException {
    try (var client = http2()) {
      client.send(Http2Client.HEADERS, 0, 1, client.block("GET", "/products/1"));
      assertThat(flood(client, 100, _ -> client.send(Http2Client.CONTINUATION, 0, 1))).isNotZero();
    }
  }

  private interface Send {
    void next(int stream) throws IOException;
  }

  /** Sends one frame more than allowed; the error of the gateway's GOAWAY. */
  private static int flood(Http2Client client, int frames, Send send) throws IOException {
    try {
      for (int i = 0; i < frames; i++) {
        send.next(2 * i + 1);
      }
    } catch (IOException closed) {
      // Closed before all were sent.
    }
    return client.awaitClosed();
  }

  @Test
  void headersThatAreTooLargeOverHttp2AreRefused() throws IOException {
    try (var client = http2()) {
      byte[] block = client.block("GET", "/products/1", "x-large", "x".repeat(17_000));
      client.send(Http2Client.HEADERS, Http2Client.END_STREAM | Http2Client.END_HEADERS, 1, block);

      assertThat(client.response(1).status()).isEqualTo(431);
    }
  }

  @Test
  void aFrameThatStopsArrivingClosesTheConnection() throws IOException {
    try (var client = http2()) {
      client.write(new byte[] {0, 0, 50, Http2Client.HEADERS, 5, 0, 0, 0, 1, 'x'});
      assertThat(client.awaitClosed()).isEqualTo(ENHANCE_YOUR_CALM);
    }
    try (var client = new Http2Client(GATEWAY, "PRI * HTTP/2")) {
      assertThat(client.awaitClosed()).isNotZero();
    }
  }

  @Test
  void aNewCertificateIsUsedByNewConnectionsAndAWrongOneIsNot() throws Exception {
    try (var open = http1()) {
      assertThat(open.send(GET).read().status()).isEqualTo(200);
      var before = serialNumber();

      CERTIFICATE.create(30, "RSA");

      await().atMost(Duration.ofSeconds(30)).until(() -> !serialNumber().equals(before));
      assertThat(open.send(GET).read().status()).isEqualTo(200);
      assertThat(reloadFailed()).isZero();
      var after = serialNumber();

      String good = Files.readString(CERTIFICATE.certificate());
      Files.writeString(CERTIFICATE.certificate(), good.substring(0, good.length() / 2));
      await().atMost(Duration.ofSeconds(30)).until(() -> reloadFailed() == 1);
      Files.writeString(CERTIFICATE.certificate(), good);
      await().atMost(Duration.ofSeconds(30)).until(() -> reloadFailed() == 0);
      assertThat(serialNumber()).isEqualTo(after);
      assertThat(open.send(GET).read().status()).isEqualTo(200);
    }
  }

  private static double reloadFailed() {
    return GATEWAY.bean(MeterRegistry.class).get("gateway.tls.reload.failed").gauge().value();
  }

  /** The serial number of the certificate that the gateway presents to anyone. */
  private static String serialNumber() throws Exception {
    try (var socket = TlsSockets.connect(GATEWAY, _ -> {})) {
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSerialNumber()
          .toString(16);
    }
  }

  private static RawClient http1() throws IOException {
    return new RawClient(TlsSockets.connect(GATEWAY, "http/1.1"));
  }

  private static Http2Client http2() throws IOException {
    return new Http2Client(GATEWAY);
  }
}
