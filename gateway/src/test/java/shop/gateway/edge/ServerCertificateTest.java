package shop.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shop.local.LocalCertificate;

/** Certificates that can be used, and what is said about the others. */
class ServerCertificateTest {

  @TempDir Path folder;
  private LocalCertificate files;

  @BeforeEach
  void create() {
    files = new LocalCertificate(folder.resolve("a")).create(30, "EC");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void aCertificateWithItsKeyIsRead(String algorithm) {
    files.create(30, algorithm);

    var certificate = read();

    assertThat(certificate.privateKey().getAlgorithm()).isEqualTo(algorithm);
    assertThat(certificate.toString()).contains("CN=localhost");
  }

  @Test
  void aMissingFileIsNamedWithItsSetting() throws IOException {
    Files.delete(files.privateKey());
    assertRefused("tls-key.pem does not exist", "Set TLS_PRIVATE_KEY to a PEM file");

    Files.delete(files.certificate());
    assertRefused("tls-certificate.pem does not exist", "Set TLS_CERTIFICATE to a PEM file");
  }

  @Test
  void aSettingWithoutTheOtherIsRefused() {
    var alone = settings(files.certificate().toString(), "");

    var refused = catchThrowableOfType(InvalidCertificate.class, () -> alone.read(Instant.now()));

    assertThat(refused.remedy()).contains("Set TLS_PRIVATE_KEY", "plain HTTP");
  }

  @Test
  void theKeyOfAnotherCertificateIsRefused() throws IOException {
    var other = new LocalCertificate(folder.resolve("b")).create(30, "EC");
    Files.copy(
        other.privateKey(), files.privateKey(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    assertRefused("is not that of the certificate", "openssl");
  }

  @Test
  void anEncryptedKeyIsRefused() throws IOException {
    Files.writeString(
        files.privateKey(),
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIG=\n-----END ENCRYPTED PRIVATE KEY-----\n");

    assertRefused("is encrypted", "openssl pkey");
  }

  @Test
  void anExpiredCertificateIsRefused() {
    files.create(-1, "EC");

    assertRefused("expired at", "Renew the certificate");
  }

  @Test
  void anUnrelatedSecondCertificateIsRefused() throws IOException {
    var other = new LocalCertificate(folder.resolve("b")).create(30, "RSA");
    Files.writeString(
        files.certificate(),
        Files.readString(files.certificate()) + Files.readString(other.privateKey()));
    assertThat(read().chain()).hasSize(1);

    Files.writeString(
        files.certificate(),
        Files.readString(files.certificate()) + Files.readString(other.certificate()));
    // Both name themselves CN=localhost; the issuer's name fits, its key does not.
    assertRefused("certificate 2 is not the issuer", "followed by its intermediates");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "-----BEGIN CERTIFICATE-----\nMIIB"})
  void aHalfWrittenFileChangesNothingUntilItIsComplete(String half) throws IOException {
    var settings = settings(files.certificate().toString(), files.privateKey().toString());
    var keys = new CertificateKeyManager(settings.read(Instant.now()));
    var metrics = new SimpleMeterRegistry();
    var reload = new CertificateReload(settings, keys, Clock.systemUTC(), metrics);
    var failed = metrics.get("gateway.tls.reload.failed").gauge();
    var first = keys.current();
    String alias = keys.chooseEngineServerAlias("EC", null, null);

    Files.writeString(files.certificate(), half);
    reload.check();
    assertThat(failed.value()).isZero();
    reload.check();
    assertThat(failed.value()).isEqualTo(1);
    assertThat(keys.current()).isSameAs(first);

    files.create(40, "EC");
    reload.check();
    reload.check();
    assertThat(failed.value()).isZero();
    assertThat(keys.current().expiry()).isAfter(first.expiry());
    assertThat(metrics.get("gateway.tls.certificate.expiry").gauge().value())
        .isEqualTo((double) keys.current().expiry().getEpochSecond());
    // A handshake that has chosen before goes on with the certificate of its choice.
    assertThat(keys.getPrivateKey(alias)).isEqualTo(first.privateKey());
    assertThat(keys.getCertificateChain(alias)[0]).isEqualTo(first.certificate());
  }

  private ServerCertificate read() {
    return settings(files.certificate().toString(), files.privateKey().toString())
        .read(Instant.now());
  }

  private void assertRefused(String message, String remedy) {
    var refused = catchThrowableOfType(InvalidCertificate.class, this::read);

    assertThat(refused).hasMessageContaining(message);
    assertThat(refused.remedy()).contains(remedy);
  }

  private static TlsSettings settings(String certificate, String key) {
    var second = Duration.ofSeconds(1);
    return new TlsSettings(certificate, key, second, second, Duration.ZERO, 100, 200, 1000);
  }
}
