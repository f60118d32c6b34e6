package shop.e2e.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import shop.local.os.OsProcess;
import shop.local.os.ProcessFiles;

/**
 * Two HAProxys with keepalived beside each. HAProxy listens within a namespace and connects to the
 * gateways from outside, because these listen on 127.0.0.1 only.
 */
final class ActivePassivePair implements AutoCloseable {

  private static final Path FOLDER = TwoGateways.FOLDER.resolve("pair");
  private static final int PORT = 8000;
  private static final URI EDGE =
      URI.create("http://" + NetworkNamespaces.VIRTUAL_ADDRESS + ":" + PORT);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final NetworkNamespaces network = NetworkNamespaces.create();
  private final List<LoadBalancer> haproxys = new ArrayList<>();
  private final List<OsProcess> keepaliveds = new ArrayList<>();

  private ActivePassivePair(TwoGateways gateways) {
    for (var namespace : List.of(NetworkNamespaces.FIRST, NetworkNamespaces.SECOND)) {
      var listen = ":" + PORT + " namespace " + namespace;
      haproxys.add(LoadBalancer.haproxy("haproxy-" + namespace, listen, gateways.urls()));
    }
    keepaliveds.add(keepalived(NetworkNamespaces.FIRST, "active"));
    keepaliveds.add(keepalived(NetworkNamespaces.SECOND, "passive"));
  }

  private static OsProcess keepalived(String namespace, String id) {
    var pid = FOLDER.resolve(namespace);
    var command =
        List.of(
            "ip",
            "netns",
            "exec",
            namespace,
            LoadBalancer.program("keepalived"),
            "--dont-fork",
            "--log-console",
            "--no-syslog",
            "--vrrp",
            "--use-file",
            configuration().toString(),
            "--config-id",
            id,
            "--pid",
            pid + "-main.pid",
            "--vrrp_pid",
            pid + "-vrrp.pid");
    var files = ProcessFiles.in(FOLDER, "keepalived-" + id);
    return OsProcess.start(files, FOLDER, Map.of(), command);
  }

  /** The configuration with this network's addresses. */
  private static Path configuration() {
    try {
      var text =
          Files.readString(LoadBalancer.configuration("keepalived.conf"))
              .replaceAll(
                  "(?m)^\\$VIRTUAL_ADDRESS=.*",
                  "\\$VIRTUAL_ADDRESS=" + NetworkNamespaces.VIRTUAL_ADDRESS + "/24")
              .replaceAll("(?m)^\\$ACTIVE=.*", "\\$ACTIVE=" + NetworkNamespaces.FIRST_ADDRESS)
              .replaceAll("(?m)^\\$PASSIVE=.*", "\\$PASSIVE=" + NetworkNamespaces.SECOND_ADDRESS);
      Files.createDirectories(FOLDER);
      return Files.writeString(FOLDER.resolve("keepalived.conf"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Kills the active HAProxy under traffic; new connections reach the gateways by the other one.
   */
  static void takesOver(TwoGateways gateways) {
    var obstacle = NetworkNamespaces.obstacle();
    assumeTrue(obstacle.isEmpty(), obstacle);
    assumeTrue(
        System.getProperty("edge.keepalived") != null,
        "keepalived is not installed (Debian: sudo apt-get install keepalived)");
    try (var pair = new ActivePassivePair(gateways)) {
      pair.awaitElection();
      int active = pair.owner(0) ? 0 : 1;
      try (var traffic = OrderTraffic.start(EDGE)) {
        pair.haproxys.get(active).kill();

        await().atMost(TwoGateways.SOON).until(() -> pair.owner(1 - active) && !pair.owner(active));
        traffic.awaitMore();
        traffic.stop();
        assertThat(traffic.failures()).isNotEmpty();
      }
    }
  }

  private void awaitElection() {
    await()
        .atMost(TwoGateways.SOON)
        .ignoreExceptions()
        .until(() -> owner(0) != owner(1) && TwoGateways.getOnNewConnection(EDGE, "/livez") == 200);
  }

  private boolean owner(int number) {
    var namespace = number == 0 ? NetworkNamespaces.FIRST : NetworkNamespaces.SECOND;
    return NetworkNamespaces.has(namespace, NetworkNamespaces.VIRTUAL_ADDRESS);
  }

  @Override
  public void close() {
    keepaliveds.forEach(process -> process.stop(GRACE));
    haproxys.forEach(LoadBalancer::close);
    network.close();
  }
}
