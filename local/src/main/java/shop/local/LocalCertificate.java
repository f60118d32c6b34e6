package shop.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import shop.local.os.Command;
import shop.local.os.Folders;
import shop.local.os.JavaCommand;
import shop.local.os.SecretFile;

/**
 * A self-signed certificate for this machine's loopback addresses, and what trusts it. Created at
 * the first use, and again when it is about to expire.
 */
public record LocalCertificate(Path folder) {
  /** The longest validity that browsers accept is 398 days. */
  private static final int VALID_DAYS = 397;

  private static final Duration RENEWED_BEFORE = Duration.ofDays(30);
  private static final String LOOPBACK = "san=dns:localhost,ip:127.0.0.1,ip:::1";
  private static final String ALIAS = "gateway";
  private static final int PEM_LINE = 64;

  /** Of stores with certificates only, and of one that is deleted at once: no secret. */
  private static final String STORE_PASSWORD = "changeit";

  /** In PEM format. It is its own issuer, so a client that trusts this file trusts the gateway. */
  public Path certificate() {
    return folder.resolve("tls-certificate.pem");
  }

  /** In PEM format, PKCS #8. */
  public Path privateKey() {
    return folder.resolve("tls-key.pem");
  }

  /** The JDK's certificate authorities and this certificate, for a JVM's default trust store. */
  private Path trustStore() {
    return folder.resolve("tls-trust.p12");
  }

  /** JVM options with which a client in a JVM trusts this certificate. */
  List<String> trustOptions() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + trustStore(),
        "-Djavax.net.ssl.trustStorePassword=" + STORE_PASSWORD);
  }

  /** An HTTP client that trusts this certificate only. */
  public HttpClient.Builder client() {
    try {
      var trusted = emptyStore();
      trusted.setCertificateEntry(ALIAS, read());
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return HttpClient.newBuilder().sslContext(context);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(certificate() + " cannot be read; delete it", e);
    }
  }

  /** Creates the certificate if it is missing or about to expire. */
  public LocalCertificate ensure(InstantSource clock) {
    if (!isValidAfter(clock)) {
      create(VALID_DAYS, "EC");
    }
    return this;
  }

  private boolean isValidAfter(InstantSource clock) {
    try {
      return Files.exists(privateKey())
          && Files.exists(trustStore())
          && read().getNotAfter().toInstant().isAfter(clock.instant().plus(RENEWED_BEFORE));
    } catch (GeneralSecurityException | IOException missing) {
      return false;
    }
  }

  private X509Certificate read() throws GeneralSecurityException, IOException {
    try (var in = Files.newInputStream(certificate())) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  /**
   * Replaces certificate and key.
   *
   * @param validDays from now on; negative for one that has expired
   * @param algorithm {@code EC} or {@code RSA}
   */
  public LocalCertificate create(int validDays, String algorithm) {
    try {
      Files.createDirectories(folder);
      // With mode 700: keytool writes files that everyone may read.
      var temporary = Files.createTempDirectory("shop-tls");
      try {
        createIn(temporary.resolve("gateway.p12"), validDays, algorithm);
      } finally {
        Folders.delete(temporary);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK cannot read what its keytool has written", e);
    }
    return this;
  }

  private void createIn(Path store, int validDays, String algorithm)
      throws GeneralSecurityException, IOException {
    var start = validDays < 0 ? validDays * 2 + "d" : "-1H";
    Command.run(
        folder,
        List.of(
            JavaCommand.jdkTool("keytool"),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            algorithm,
            "-keysize",
            algorithm.equals("EC") ? "256" : "2048",
            "-dname",
            "CN=localhost",
            "-ext",
            LOOPBACK,
            "-ext",
            "eku=serverAuth",
            "-startdate",
            start,
            "-validity",
            String.valueOf(Math.abs(validDays)),
            "-storetype",
            "PKCS12",
            "-storepass",
            STORE_PASSWORD,
            "-keystore",
            store.toString()));
    var created = KeyStore.getInstance(store.toFile(), STORE_PASSWORD.toCharArray());
    @Nullable Key key = created.getKey(ALIAS, STORE_PASSWORD.toCharArray());
    @Nullable Certificate certificate = created.getCertificate(ALIAS);
    if (key == null || certificate == null) {
      throw new GeneralSecurityException(store + " contains no key");
    }
    SecretFile.write(privateKey(), pem("PRIVATE KEY", key.getEncoded()));
    SecretFile.write(certificate(), pem("CERTIFICATE", certificate.getEncoded()));
    writeTrustStore(certificate);
  }

  private void writeTrustStore(Certificate certificate)
      throws GeneralSecurityException, IOException {
    var authorities =
        KeyStore.getInstance(
            Path.of(System.getProperty("java.home"), "lib", "security", "cacerts").toFile(),
            STORE_PASSWORD.toCharArray());
    var trusted = emptyStore();
    for (var alias : Collections.list(authorities.aliases())) {
      trusted.setCertificateEntry(alias, authorities.getCertificate(alias));
    }
    trusted.setCertificateEntry(ALIAS, certificate);
    try (var out = Files.newOutputStream(trustStore())) {
      trusted.store(out, STORE_PASSWORD.toCharArray());
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static String pem(String type, byte[] content) {
    var lines = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
  }
}
