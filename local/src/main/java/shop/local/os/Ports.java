package shop.local.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports on 127.0.0.1. */
public final class Ports {
  public static final String LOCALHOST = "127.0.0.1";

  // Below the range that Linux hands out to outgoing connections.
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;

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

  /** The first of so many ports in a row that nothing listens on, somewhere at random. */
  public static int freeBlock(int size) {
    for (var attempt = 0; attempt < 1000; attempt++) {
      var first = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST - size);
      if (allFree(first, size)) {
        return first;
      }
    }
    throw new UncheckedIOException(new IOException("No " + size + " free ports in a row"));
  }

  private static boolean allFree(int first, int size) {
    for (var port = first; port < first + size; port++) {
      if (!free(port)) {
        return false;
      }
    }
    return true;
  }
}
