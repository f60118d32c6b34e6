package shop.gateway.edge;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Presents the server's certificate, which can be replaced at any time: later handshakes use the
 * new one. A handshake asks first for an alias and then for its certificate and key, so the
 * certificate before the current one stays known under its own alias.
 */
final class CertificateKeyManager extends X509ExtendedKeyManager {

  private record Entry(String alias, ServerCertificate certificate) {}

  private volatile List<Entry> newestFirst;
  private int number;

  CertificateKeyManager(ServerCertificate certificate) {
    newestFirst = List.of(new Entry("0", certificate));
  }

  ServerCertificate current() {
    return newestFirst.getFirst().certificate();
  }

  synchronized void replace(ServerCertificate certificate) {
    number++;
    newestFirst = List.of(new Entry(String.valueOf(number), certificate), newestFirst.getFirst());
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    var newest = newestFirst.getFirst();
    return newest.certificate().privateKey().getAlgorithm().equals(keyType) ? newest.alias() : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return find(alias)
        .map(certificate -> certificate.chain().toArray(X509Certificate[]::new))
        .findFirst()
        .orElse(null);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return find(alias).map(ServerCertificate::privateKey).findFirst().orElse(null);
  }

  private Stream<ServerCertificate> find(String alias) {
    return newestFirst.stream()
        .filter(entry -> entry.alias().equals(alias))
        .map(Entry::certificate);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
