package shop.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
  @TempDir Path folder;

  @Test
  void secretsAreCreatedOnceAndForTheOwnerOnly() throws Exception {
    var secrets = new Secrets(folder);
    assertThat(secrets.demoPassword()).hasSize(32).isEqualTo(new Secrets(folder).demoPassword());
    assertThat(secrets.redisPassword()).isNotEqualTo(secrets.demoPassword());
    try (var files = Files.walk(secrets.authKeys().getParent())) {
      assertThat(files.filter(Files::isRegularFile))
          .hasSize(3)
          .allSatisfy(file ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .isEqualTo("rw-------"));
    }
  }

  @Test
  void theSigningKeyIsAnRsaKeyInPkcs8() throws Exception {
    var pem = Files.readString(new Secrets(folder).authKeys().resolve("local-1.pem"));
    var der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    var key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
    assertThat(((RSAPrivateKey) key).getModulus().bitLength()).isEqualTo(2048);
  }

  @Test
  void anExistingSigningKeyIsKept() throws Exception {
    var keys = Files.createDirectories(folder.resolve("auth-keys"));
    Files.writeString(keys.resolve("mine.pem"), "mine");
    assertThat(new Secrets(folder).authKeys()).isDirectoryNotContaining("glob:**/local-1.pem");
  }
}
