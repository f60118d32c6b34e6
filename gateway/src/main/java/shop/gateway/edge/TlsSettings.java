package shop.gateway.edge;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * TLS of connections with clients. It is on if a certificate is configured; then nothing is served
 * without TLS.
 *
 * @param certificate PEM file of the certificate and its intermediates, in this order; empty for
 *     plain HTTP
 * @param privateKey PEM file of the certificate's private key, not encrypted
 * @param handshakeTimeout from the connection to the end of the handshake; then it is closed
 * @param reloadInterval how often the two files are read; a change counts when it has been seen
 *     twice
 * @param hstsMaxAge {@code max-age} of {@code Strict-Transport-Security}; 0 omits the header
 * @param maxStreams requests of one HTTP/2 connection at a time; further ones are refused
 * @param maxResets streams of one HTTP/2 connection that the client may reset, or cause the gateway
 *     to reset, in 30 s; more closes it (CVE-2023-44487, CVE-2025-8671)
 * @param maxControlFrames PING, SETTINGS, PRIORITY and unknown frames of one HTTP/2 connection in
 *     30 s; more closes it (CVE-2019-9512, CVE-2019-9513, CVE-2019-9515)
 */
@ConfigurationProperties("shop.tls")
public record TlsSettings(
    @DefaultValue("") String certificate,
    @DefaultValue("") String privateKey,
    @DefaultValue("10s") Duration handshakeTimeout,
    @DefaultValue("10s") Duration reloadInterval,
    @DefaultValue("365d") Duration hstsMaxAge,
    @DefaultValue("100") int maxStreams,
    @DefaultValue("200") int maxResets,
    @DefaultValue("1000") int maxControlFrames) {

  public TlsSettings {
    if (handshakeTimeout.toMillis() < 1 || reloadInterval.toMillis() < 1) {
      throw new IllegalArgumentException(
          "shop.tls.handshake-timeout and reload-interval must be at least 1 ms");
    }
    if (hstsMaxAge.isNegative()) {
      throw new IllegalArgumentException("shop.tls.hsts-max-age must not be negative; 0 is off");
    }
    if (maxStreams < 1 || maxResets < 1 || maxControlFrames < 1) {
      throw new IllegalArgumentException(
          "shop.tls.max-streams, max-resets and max-control-frames must be at least 1");
    }
  }

  /**
   * Reads certificate and key.
   *
   * @throws InvalidCertificate if they cannot be used now
   */
  ServerCertificate read(java.time.Instant now) {
    if (certificate.isBlank()) {
      throw new InvalidCertificate(
          "TLS_PRIVATE_KEY is set, but TLS_CERTIFICATE is not",
          "Set TLS_CERTIFICATE to the PEM file of the certificate, or neither of them for plain HTTP.");
    }
    if (privateKey.isBlank()) {
      throw new InvalidCertificate(
          "TLS_CERTIFICATE is set, but TLS_PRIVATE_KEY is not",
          "Set TLS_PRIVATE_KEY to the PEM file of the certificate's private key, or neither of them for plain HTTP.");
    }
    return ServerCertificate.read(Path.of(certificate), Path.of(privateKey), now);
  }
}
