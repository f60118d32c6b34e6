package shop.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCertificateTest {
  private static final InstantSource NOW = InstantSource.system();

  @TempDir Path folder;

  @Test
  void isValidForTheLoopbackAddressesAndForLessThan398Days() throws Exception {
    var files = new LocalCertificate(folder).ensure(NOW);

    var certificate = read(files);
    assertThat(certificate.getSubjectAlternativeNames())
        .extracting(name -> (Object) name.get(1))
        .containsExactlyInAnyOrder("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(
            Duration.between(
                certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant()))
        .isLessThanOrEqualTo(Duration.ofDays(397));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.privateKey())))
        .isEqualTo("rw-------");
    assertThat(files.client().build().sslContext()).isNotNull();
  }

  @Test
  void isKeptUntilItIsAboutToExpire() throws Exception {
    var files = new LocalCertificate(folder).ensure(NOW);
    var first = read(files);

    assertThat(read(files.ensure(NOW))).isEqualTo(first);
    assertThat(read(files.ensure(InstantSource.fixed(Instant.now().plus(Duration.ofDays(380))))))
        .isNotEqualTo(first);
  }

  private static X509Certificate read(LocalCertificate files) throws Exception {
    try (var in = Files.newInputStream(files.certificate())) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }
}
