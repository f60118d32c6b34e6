package shop.gateway.edge;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.util.List;
import javax.net.ssl.SSLException;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import reactor.netty.http.Http2SettingsSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

/** Terminates TLS 1.2 and 1.3, and offers HTTP/2 and HTTP/1.1 in the handshake (ALPN, RFC 7301). */
final class TlsServer implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

  private static final int RESET_WINDOW_SECONDS = 30;

  /** Forward secrecy and authenticated encryption only: Mozilla's intermediate list without DHE. */
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private final TlsSettings settings;
  private final long maxHeaderBytes;
  private final SslContext context;

  TlsServer(TlsSettings settings, ServerProperties server, CertificateKeyManager keys) {
    this.settings = settings;
    this.maxHeaderBytes = server.getMaxHttpRequestHeaderSize().toBytes();
    this.context = context(keys);
  }

  private static SslContext context(CertificateKeyManager keys) {
    try {
      return SslContextBuilder.forServer(keys)
          .protocols("TLSv1.3", "TLSv1.2")
          .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  ApplicationProtocolNames.HTTP_2,
                  ApplicationProtocolNames.HTTP_1_1))
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("Every Java platform supports TLS 1.2 and 1.3", e);
    }
  }

  @Override
  public void customize(NettyReactiveWebServerFactory factory) {
    factory.addServerCustomizers(this::secure);
  }

  private HttpServer secure(HttpServer server) {
    return server
        .protocol(HttpProtocol.HTTP11, HttpProtocol.H2)
        .secure(spec -> spec.sslContext(context).handshakeTimeout(settings.handshakeTimeout()))
        .http2Settings(this::limit);
  }

  private void limit(Http2SettingsSpec.Builder http2) {
    http2
        .maxConcurrentStreams(settings.maxStreams())
        .maxHeaderListSize(maxHeaderBytes)
        .maxDecodedRstFramesPerWindow(settings.maxResets(), RESET_WINDOW_SECONDS)
        .maxEncodedRstFramesPerWindow(settings.maxResets(), RESET_WINDOW_SECONDS);
  }
}
