package shop.e2e.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import shop.local.os.Command;
import shop.local.os.LaunchException;

/**
 * Two machines and a network between them and this one: Linux network namespaces, each with an
 * interface {@code eth0} at a bridge, which has a namespace of its own: rules for packets of this
 * machine, such as Docker's, would apply to a bridge here. A shell that outlives this process
 * removes them, with every process in them, when {@link #close} is called or this process ends in
 * any other way.
 */
final class NetworkNamespaces implements AutoCloseable {

  static final String FIRST = "shop-edge-1";
  static final String SECOND = "shop-edge-2";

  /** Of the block for tests of devices (RFC 2544), so that it is no network of this machine. */
  static final String FIRST_ADDRESS = "198.18.45.1";

  static final String SECOND_ADDRESS = "198.18.45.2";
  static final String VIRTUAL_ADDRESS = "198.18.45.100";

  private static final String CREATE =
      """
      set -e
      ip netns add shop-edge-0
      ip -n shop-edge-0 link add bridge type bridge
      ip -n shop-edge-0 link set bridge up
      ip link add shop-edge type veth peer name host netns shop-edge-0
      ip -n shop-edge-0 link set host master bridge up
      ip addr add 198.18.45.254/24 dev shop-edge
      ip link set shop-edge up
      for i in 1 2; do
        ip netns add shop-edge-$i
        ip -n shop-edge-0 link add port$i type veth peer name eth0 netns shop-edge-$i
        ip -n shop-edge-0 link set port$i master bridge up
        ip -n shop-edge-$i link set lo up
        ip -n shop-edge-$i addr add 198.18.45.$i/24 dev eth0
        ip -n shop-edge-$i link set eth0 up
      done
      """;

  private static final String REMOVE =
      """
      for i in 0 1 2; do
        for pid in $(ip netns pids shop-edge-$i); do kill -9 $pid; done
        ip netns del shop-edge-$i
      done
      ip link del shop-edge
      """;

  private final Process remover;

  private NetworkNamespaces(Process remover) {
    this.remover = remover;
  }

  /** Why they cannot be created here; empty if they can. */
  static String obstacle() {
    try {
      run("ip netns add shop-edge-try && ip netns del shop-edge-try");
      return "";
    } catch (LaunchException e) {
      return "Network namespaces cannot be created here; that needs Linux, root and the package iproute2. "
          + e.getMessage();
    }
  }

  /** Creates them, after those that an earlier run left. */
  static NetworkNamespaces create() {
    run("(" + REMOVE + ") >/dev/null 2>&1 || true");
    try {
      var remover =
          new ProcessBuilder("setsid", "sh", "-c", "cat >/dev/null\n" + REMOVE)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      var namespaces = new NetworkNamespaces(remover);
      try {
        run(CREATE);
      } catch (LaunchException e) {
        namespaces.close();
        throw e;
      }
      return namespaces;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether an address is at a namespace's interface. */
  static boolean has(String namespace, String address) {
    return run("ip -n " + namespace + " -4 addr show eth0").contains("inet " + address + "/");
  }

  private static String run(String script) {
    return Command.run(Path.of("/"), List.of("sh", "-c", script));
  }

  @Override
  public void close() {
    try {
      remover.getOutputStream().close();
      remover.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
