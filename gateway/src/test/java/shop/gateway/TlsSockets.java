package shop.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Connections of TLS to a gateway. */
final class TlsSockets {

  /** Tests replace the certificate. */
  private static final SSLContext TRUST_ANYONE = trustAnyone();

  private TlsSockets() {}

  /** A connection after its handshake, with one protocol offered: h2 or http/1.1. */
  static SSLSocket connect(Gateway gateway, String protocol) throws IOException {
    return connect(
        gateway, parameters -> parameters.setApplicationProtocols(new String[] {protocol}));
  }

  static SSLSocket connect(Gateway gateway, Consumer<SSLParameters> change) throws IOException {
    var socket =
        (SSLSocket)
            TRUST_ANYONE
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), gateway.port());
    var parameters = socket.getSSLParameters();
    change.accept(parameters);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static SSLContext trustAnyone() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAnyone()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class TrustAnyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
