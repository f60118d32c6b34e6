package shop.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import shop.local.os.SecretFile;

/** Random secrets of this installation, created at the first use, in files of mode 600. */
public record Secrets(Path folder) {
  private static final int RSA_BITS = 2048;
  private static final int PEM_LINE = 64;

  String redisPassword() {
    return SecretFile.readOrCreate(folder.resolve("redis-password"));
  }

  /**
   * The password of a user of PostgreSQL.
   *
   * @param user the administrator, or a role, which has the name of its schema
   */
  String databasePassword(String user) {
    return SecretFile.readOrCreate(folder.resolve("database-" + user + "-password"));
  }

  String pspApiKey() {
    return SecretFile.readOrCreate(folder.resolve("psp-api-key"), "sk_test_");
  }

  /** The password of the demo customer and the demo admin. */
  public String demoPassword() {
    return SecretFile.readOrCreate(folder.resolve("demo-password"));
  }

  /** The folder of the gateway's signing keys ({@code <kid>.pem}, PKCS #8); never empty. */
  public Path authKeys() {
    var keys = folder.resolve("auth-keys");
    try {
      Files.createDirectories(keys);
      Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwx------"));
      try (var files = Files.list(keys)) {
        if (files.noneMatch(file -> file.toString().endsWith(".pem"))) {
          SecretFile.write(keys.resolve("local-1.pem"), rsaKey());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return keys;
  }

  private static String rsaKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(RSA_BITS);
      var key = generator.generateKeyPair().getPrivate().getEncoded();
      var lines = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(key);
      return "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
