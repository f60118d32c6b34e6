package shop.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import shop.common.testkit.TempFolders;

/** The API server is trusted by the certificate authority of the service account alone. */
class KubernetesTlsTest {

  private static final SliceUrl URL = SliceUrl.parse("orders", "k8s+http://orders.shop:http");
  private static final char[] PASSWORD = "changeit".toCharArray();

  @Test
  void serverIsTrustedByTheAuthorityOfTheServiceAccount() throws Exception {
    var keys = keys();
    var server = server(keys);
    var client = client(server, certificate(keys));
    try {
      assertThat(client.list(URL, null).block(Duration.ofSeconds(20)).version()).isEqualTo("7");
    } finally {
      client.destroy();
      server.disposeNow();
    }
  }

  @Test
  void serverOfAnotherAuthorityIsRefusedBeforeTheTokenIsSent() throws Exception {
    var server = server(keys());
    var client = client(server, certificate(keys()));
    try {
      assertThatThrownBy(() -> client.list(URL, null).block(Duration.ofSeconds(20)))
          .isInstanceOf(LookUpFailedException.class)
          .hasMessageContaining("SSLHandshakeException");
    } finally {
      client.destroy();
      server.disposeNow();
    }
  }

  private static KubernetesClient client(DisposableServer server, String authority)
      throws IOException {
    var account = TempFolders.create("service-account");
    Files.writeString(account.resolve("token"), "token");
    Files.writeString(account.resolve("ca.crt"), authority);
    return new KubernetesClient(
        new KubernetesSettings(
            "https://127.0.0.1:" + server.port(),
            account,
            List.of(KubernetesSettings.AddressType.IPV4),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ZERO));
  }

  private static DisposableServer server(KeyStore keys) throws Exception {
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    var context = SslContextBuilder.forServer(managers).build();
    return HttpServer.create()
        .host(InetAddress.getLoopbackAddress().getHostAddress())
        .secure(tls -> tls.sslContext(context))
        .handle((_, response) ->
            response.sendString(
                Mono.just("{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[]}")))
        .bindNow();
  }

  private static KeyStore keys() throws Exception {
    var file = TempFolders.create("tls").resolve("keys.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=kubernetes",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    var output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
    return KeyStore.getInstance(file.toFile(), PASSWORD);
  }

  private static String certificate(KeyStore keys) throws Exception {
    var encoded =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(keys.getCertificate("server").getEncoded());
    return "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n";
  }
}
