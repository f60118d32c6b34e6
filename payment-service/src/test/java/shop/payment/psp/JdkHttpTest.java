package shop.payment.psp;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import shop.common.money.Money;
import shop.common.testkit.TempFolders;
import shop.payment.Intent;
import shop.payment.IntentState;

/** Calls of a PSP that, as Stripe does, offers HTTP/2 over TLS and limits its streams. */
@Tag("slow")
class JdkHttpTest {

  /** The default of {@code shop.payment.max-in-flight}. */
  private static final int BULKHEAD = 256;

  private static final int MAX_STREAMS = 4;
  private static final String PASSWORD = "of this test";

  /** Opens when all calls of the test are at the server at the same time. */
  private static volatile CountDownLatch together = new CountDownLatch(0);

  private static final Set<Integer> CONNECTIONS = ConcurrentHashMap.newKeySet();
  private static final Set<String> PROTOCOLS = ConcurrentHashMap.newKeySet();
  private static Path keyStore;
  private static Tomcat server;

  @BeforeAll
  static void start() throws Exception {
    keyStore = TempFolders.create("tls").resolve("keys.p12");
    createCertificate();
    server = new Tomcat();
    server.setBaseDir(keyStore.getParent().toString());
    server.setConnector(connector());
    var context = server.addContext("", keyStore.getParent().toString());
    Tomcat.addServlet(context, "psp", new Psp());
    context.addServletMappingDecoded("/", "psp");
    server.start();
  }

  @AfterAll
  static void stop() throws LifecycleException {
    server.stop();
    server.destroy();
  }

  @Test
  void aFullBulkheadOfCallsIsMadeAtOnceAndItsConnectionsAreReused() throws Exception {
    var stripe = stripe();
    CONNECTIONS.clear();
    PROTOCOLS.clear();
    together = new CountDownLatch(BULKHEAD);

    assertThat(confirm(stripe, BULKHEAD)).containsOnly(new IntentState.Succeeded());
    assertThat(confirm(stripe, BULKHEAD)).containsOnly(new IntentState.Succeeded());

    assertThat(PROTOCOLS).containsExactly("HTTP/1.1");
    assertThat(CONNECTIONS).hasSize(BULKHEAD);
  }

  @Test
  void theServerOfThisTestOffersHttp2() throws Exception {
    try (var http = HttpClient.newBuilder().sslContext(trusted()).build()) {
      var request = HttpRequest.newBuilder(base().resolve("/v1/payment_intents/pi_1")).build();

      assertThat(http.send(request, BodyHandlers.ofString()).version())
          .isEqualTo(HttpClient.Version.HTTP_2);
    }
  }

  private static Iterable<IntentState> confirm(StripePayments stripe, int calls) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var results =
          threads.invokeAll(
              IntStream.range(0, calls)
                  .<Callable<IntentState>>mapToObj(n -> () -> stripe.confirm(intent(n), 1))
                  .toList());
      List<IntentState> states = new ArrayList<>();
      for (var result : results) {
        states.add(result.get());
      }
      return states;
    }
  }

  private static Intent intent(int number) {
    return new Intent(
        UUID.randomUUID(),
        UUID.randomUUID(),
        "pi_" + number,
        new Money(100, "EUR"),
        1,
        Instant.EPOCH);
  }

  private static StripePayments stripe() throws Exception {
    var settings =
        new Binder(
                new MapConfigurationPropertySource(
                    Map.of(
                        "shop.psp.base", base(),
                        "shop.psp.api-key", "sk_test_of_this_test",
                        "shop.psp.connect-timeout", "30s",
                        "shop.psp.read-timeout", "60s")))
            .bind("shop.psp", PspSettings.class)
            .get();
    return new StripePayments(
        StripeClient.builder()
            .setApiKey(settings.apiKey())
            .setApiBase(base().toString())
            .setHttpClient(new JdkHttp(settings, HttpClient.newBuilder().sslContext(trusted())))
            .build());
  }

  private static URI base() {
    return URI.create("https://127.0.0.1:" + server.getConnector().getLocalPort());
  }

  /** Answers every call with a succeeded intent, once all calls of the test are there. */
  private static final class Psp extends HttpServlet {
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      PROTOCOLS.add(request.getProtocol());
      CONNECTIONS.add(request.getRemotePort());
      together.countDown();
      try {
        if (!together.await(40, TimeUnit.SECONDS)) {
          response.sendError(503);
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      response.setContentType("application/json");
      response
          .getWriter()
          .write("{\"id\":\"pi_1\",\"object\":\"payment_intent\",\"status\":\"succeeded\"}");
    }
  }

  private static Connector connector() {
    var connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
    connector.setPort(0);
    connector.setScheme("https");
    connector.setSecure(true);
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("SSLEnabled", "true");
    connector.setProperty("acceptCount", "512");
    ((AbstractProtocol<?>) connector.getProtocolHandler())
        .setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    var http2 = new Http2Protocol();
    http2.setMaxConcurrentStreams(MAX_STREAMS);
    connector.addUpgradeProtocol(http2);
    var tls = new SSLHostConfig();
    var certificate = new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.EC);
    certificate.setCertificateKeystoreFile(keyStore.toString());
    certificate.setCertificateKeystorePassword(PASSWORD);
    certificate.setCertificateKeystoreType("PKCS12");
    tls.addCertificate(certificate);
    connector.addSslHostConfig(tls);
    return connector;
  }

  private static void createCertificate() throws Exception {
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "psp",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
  }

  private static SSLContext trusted() throws Exception {
    var keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    var trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("psp", keys.getCertificate("psp"));
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trust);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
