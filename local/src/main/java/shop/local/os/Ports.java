package shop.local.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports on 127.0.0.1. */
public final class Ports {
  public static final String LOCALHOST = "127.0.0.1";

  // Below the range that Linux hands out to outgoing connections.
  private static final int LOWEST = 20_000;
  private static final int SLICE = 500;
  private static final int SLICES = 24;

  // Processes that look for ports at the same time look in different places, and one process never
  // finds the same port twice in a row.
  private static int next = LOWEST + SLICE * (int) (ProcessHandle.current().pid() % SLICES);

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

  /** The first of so many ports in a row that nothing listens on. */
  public static synchronized int freeBlock(int size) {
    for (var attempt = 0; attempt < SLICE * SLICES; attempt++) {
      var first = next;
      next = first + size < LOWEST + SLICE * SLICES ? first + size : LOWEST;
      if (first + size <= LOWEST + SLICE * SLICES && allFree(first, size)) {
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
