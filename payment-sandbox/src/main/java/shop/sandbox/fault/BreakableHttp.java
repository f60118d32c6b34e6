package shop.sandbox.fault;

import java.io.IOException;
import java.net.StandardSocketOptions;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tomcat's HTTP/1.1 with connections that can be broken from within. */
public final class BreakableHttp extends Http11NioProtocol {

  private static final Logger LOG = LoggerFactory.getLogger(BreakableHttp.class);

  /**
   * Breaks the connection of a client.
   *
   * @param reset with RST (the client sees a reset); otherwise with FIN (it sees the end)
   */
  void cut(String address, int port, boolean reset) {
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
      LOG.debug("already closed by the client", e);
    }
  }
}
