package shop.gateway.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * The certificate that the gateway presents, and its private key; valid, and fitting each other.
 *
 * @param chain the certificate and its intermediates, each issued by the next one
 */
record ServerCertificate(List<X509Certificate> chain, PrivateKey privateKey) {

  private static final String CERTIFICATE_REMEDY =
      "Set TLS_CERTIFICATE to a PEM file of the certificate, followed by its intermediates.";
  private static final String KEY_REMEDY =
      "Set TLS_PRIVATE_KEY to a PEM file of the certificate's private key: PKCS#8, RSA or EC, not encrypted.";

  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

  ServerCertificate {
    chain = List.copyOf(chain);
  }

  /**
   * Reads two PEM files.
   *
   * @throws InvalidCertificate if they contain no certificate and key that can be used now
   */
  static ServerCertificate read(Path certificate, Path privateKey, Instant now) {
    var chain = chain(certificate);
    requireValid(chain.getFirst(), certificate, now);
    var key = key(privateKey);
    if (!fits(key, chain.getFirst())) {
      throw new InvalidCertificate(
          "The private key in " + privateKey + " is not that of the certificate in " + certificate,
          KEY_REMEDY
              + " These two must print the same: openssl x509 -noout -pubkey -in CERTIFICATE; openssl pkey -pubout -in KEY");
    }
    return new ServerCertificate(chain, key);
  }

  private static List<X509Certificate> chain(Path file) {
    try {
      var chain = PemContent.of(content(file, CERTIFICATE_REMEDY)).getCertificates();
      for (int i = 0; i < chain.size() - 1; i++) {
        if (!isIssuedBy(chain.get(i), chain.get(i + 1))) {
          throw new InvalidCertificate(
              "In " + file + ", certificate " + (i + 2) + " is not the issuer of the one before it",
              CERTIFICATE_REMEDY);
        }
      }
      return chain;
    } catch (IllegalStateException e) {
      throw new InvalidCertificate(
          file + " contains no certificate (BEGIN CERTIFICATE)", CERTIFICATE_REMEDY, e);
    }
  }

  private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static void requireValid(X509Certificate certificate, Path file, Instant now) {
    if (now.isAfter(certificate.getNotAfter().toInstant())) {
      throw new InvalidCertificate(
          "The certificate in " + file + " expired at " + certificate.getNotAfter().toInstant(),
          "Renew the certificate, and replace the files that TLS_CERTIFICATE and TLS_PRIVATE_KEY name.");
    }
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      throw new InvalidCertificate(
          "The certificate in "
              + file
              + " is not valid before "
              + certificate.getNotBefore().toInstant(),
          "Check this machine's clock, or set TLS_CERTIFICATE to a certificate that is valid now.");
    }
  }

  private static PrivateKey key(Path file) {
    String pem = content(file, KEY_REMEDY);
    if (pem.contains("ENCRYPTED")) {
      throw new InvalidCertificate(
          "The private key in " + file + " is encrypted",
          "Decrypt it into a file that only the gateway may read, and set TLS_PRIVATE_KEY to that: openssl pkey -in "
              + file
              + " -out key.pem");
    }
    try {
      @Nullable PrivateKey key = PemContent.of(pem).getPrivateKey();
      if (key != null && SIGNATURES.containsKey(key.getAlgorithm())) {
        return key;
      }
    } catch (IllegalStateException e) {
      throw new InvalidCertificate(file + " contains no private key", KEY_REMEDY, e);
    }
    throw new InvalidCertificate(file + " contains no RSA or EC private key", KEY_REMEDY);
  }

  private static String content(Path file, String remedy) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new InvalidCertificate(
          file + (Files.exists(file) ? " cannot be read" : " does not exist"), remedy, e);
    }
  }

  /** True if the certificate's public key verifies what the private key signs. */
  private static boolean fits(PrivateKey key, X509Certificate certificate) {
    try {
      var signature = Signature.getInstance(SIGNATURES.get(key.getAlgorithm()));
      signature.initSign(key);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  X509Certificate certificate() {
    return chain.getFirst();
  }

  Instant expiry() {
    return certificate().getNotAfter().toInstant();
  }

  /** Omits the private key: it is a secret. */
  @Override
  public String toString() {
    return "%s, serial number %s, valid until %s"
        .formatted(
            certificate().getSubjectX500Principal(),
            certificate().getSerialNumber().toString(16),
            expiry());
  }
}
