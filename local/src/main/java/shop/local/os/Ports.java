package shop.local.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports on 127.0.0.1. */
public final class Ports {
  public static final String LOCALHOST = "127.0.0.1";

  private Ports() {}

  public static boolean free(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /**
   * The first of so many ports in a row that nothing listens on and that no other process finds in
   * this way while this one lives. None is found twice before all others were.
   */
  public static int freeBlock(int size) {
    return Own.SLICE.freeBlock(size);
  }

  /** This process's slice, once somebody asks for ports. */
  private static final class Own {
    static final PortSlice SLICE = claim();

    private static PortSlice claim() {
      try {
        return PortSlice.claim();
      } catch (IOException e) {
        throw new UncheckedIOException("No ports: " + e.getMessage(), e);
      }
    }
  }
}
