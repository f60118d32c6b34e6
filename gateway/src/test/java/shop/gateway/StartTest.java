package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.gateway.Gateway.json;

import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.os.JavaCommand;

/** Signing keys and demo accounts at startup. */
@Tag("slow")
class StartTest {

  @Test
  void failsToStartWithoutAKeyAndReportsHowToCreateOne(@TempDir Path empty) throws Exception {
    var output = empty.resolve("output");

    int exit = start(empty, output);

    assertThat(exit).isNotZero();
    assertThat(output)
        .content()
        .contains("There is no signing key", "openssl genpkey -algorithm RSA");
  }

  @Test
  void failsToStartWithAFileThatIsNotAKey(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("a.pem"), "-----BEGIN PUBLIC KEY-----\n");
    var output = folder.resolve("output");

    int exit = start(folder, output);

    assertThat(exit).isNotZero();
    assertThat(output).content().contains("a.pem contains no PKCS#8 private key");
  }

  @Test
  void failsToStartWithoutTheCertificateAndNamesTheSetting(@TempDir Path empty) throws Exception {
    var output = empty.resolve("output");

    int exit = start(empty, output, "--TLS_CERTIFICATE=missing.pem", "--TLS_PRIVATE_KEY=key.pem");

    assertThat(exit).isNotZero();
    assertThat(output)
        .content()
        .contains("missing.pem does not exist", "Set TLS_CERTIFICATE to a PEM file")
        .doesNotContain("\tat ");
  }

  @Test
  void failsToStartWithAWrongRoutesFileAndSaysWhatIsWrong(@TempDir Path folder) throws Exception {
    var routes = folder.resolve("routes.yml");
    Files.writeString(
        routes,
        "shop.routing.routes: [{id: orders, paths: [/orders/**], service: ordr-service}]\n");
    Gateway.writeKey(folder.resolve("key.pem"));
    var output = folder.resolve("output");

    int exit = start(folder, output, "--ROUTES_FILE=" + routes.toUri());

    assertThat(exit).isNotZero();
    assertThat(output)
        .content()
        .contains(
            "Route orders names the service 'ordr-service', but shop.gateway.services has only",
            "Correct the file that ROUTES_FILE names")
        .doesNotContain("\tat ");
  }

  private static int start(Path keys, Path output, String... settings) throws Exception {
    var arguments = new ArrayList<>(List.of("--PORT=0", "--AUTH_KEYS_DIR=" + keys));
    arguments.addAll(List.of(settings));
    var process =
        new ProcessBuilder(
                JavaCommand.withMaxHeap(160)
                    .mainClass(
                        JavaCommand.ownClassPath(),
                        GatewayApplication.class.getName(),
                        arguments.toArray(String[]::new)))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void newestKeySignsAndAllArePublished() {
    var response = Shared.gateway().get("/.well-known/jwks.json");

    assertThat(response.headers().firstValue("Cache-Control").orElseThrow())
        .contains("max-age=300");
    assertThat(response.body()).doesNotContain("\"d\"", "\"p\"", "\"q\"");
    var keys = Jwks.setParser().build().parse(response.body()).getKeys();
    assertThat(keys).extracting(key -> key.getId()).containsExactlyInAnyOrder("2026-01", "2026-02");
    var newest =
        keys.stream().filter(key -> key.getId().equals("2026-02")).findFirst().orElseThrow();
    var token =
        Jwts.parser()
            .verifyWith((RSAPublicKey) newest.toKey())
            .build()
            .parseSignedClaims(Shared.gateway().loginNewAccount().get("access_token").asString());
    assertThat(token.getHeader()).containsEntry("kid", "2026-02").containsEntry("typ", "at+jwt");
    assertThat(token.getPayload())
        .containsEntry("iss", "shop")
        .containsEntry("client_id", "shop")
        .containsKeys("sub", "jti", "sid", "roles", "iat", "exp");
    assertThat(token.getPayload().getAudience()).containsExactly("shop-api");
  }

  @Test
  void demoAccountsAreCreatedOnceByAllInstances() {
    var here = Shared.gateway().login(Gateway.ADMIN);
    var there = Shared.anotherGateway().login(Gateway.ADMIN);

    assertThat(here.has("access_token")).isTrue();
    assertThat(there.has("access_token")).isTrue();
    assertThat(Shared.gateway().register(Gateway.ADMIN).statusCode()).isEqualTo(409);
    assertThat(json(Shared.anotherGateway().register(Gateway.ADMIN)).get("type").asString())
        .isEqualTo("/problems/address-taken");
  }
}
