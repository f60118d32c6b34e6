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
   * Checks that nothing listens on a port.
   *
   * @param component that needs it, for the message
   * @throws LaunchException if it is in use; the message says by which process
   */
  public static void requireFree(int port, String component) {
    if (!free(port)) {
      throw new LaunchException(
          "Port %d, which %s needs, is in use by %s. Stop that process, or use other ports: ./start --port-offset 2000"
              .formatted(port, component, PortOwner.describe(port)));
    }
  }

  /**
   * The first of {@code size} consecutive ports on which nothing listens. No other process gets
   * them from this method while this one lives, and none is returned twice before all others were.
   */
  public static int freeBlock(int size) {
    return Reservation.RANGE.freeBlock(size);
  }

  /** Holds the range of this process, which is reserved at the first use. */
  private static final class Reservation {
    static final PortRange RANGE = reserve();

    private static PortRange reserve() {
      try {
        return PortRange.reserve();
      } catch (IOException e) {
        throw new UncheckedIOException("No ports could be reserved: " + e.getMessage(), e);
      }
    }
  }
}
