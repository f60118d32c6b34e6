package shop.sandbox.fault;

import java.io.IOException;
import java.net.StandardSocketOptions;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tomcat's HTTP/1.1 protocol with connections that the application can abort. */
public final class AbortableHttpProtocol extends Http11NioProtocol {

  private static final Logger LOG = LoggerFactory.getLogger(AbortableHttpProtocol.class);

  /**
   * Closes the connection of a client.
   *
   * @param reset with RST (the client reports a connection reset); otherwise with FIN (end of
   *     stream)
   */
  void abort(String address, int port, boolean reset) {
    for (SocketWrapperBase<NioChannel> socket : getEndpoint().getConnections()) {
      if (socket.getRemotePort() == port && address.equals(socket.getRemoteAddr())) {
        if (reset) {
          lingerZero(socket.getSocket());
        }
        socket.close();
      }
    }
  }

  private static void lingerZero(NioChannel channel) {
    try {
      channel.getIOChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      LOG.debug("Cannot set SO_LINGER: the client has already closed the connection", e);
    }
  }
}
