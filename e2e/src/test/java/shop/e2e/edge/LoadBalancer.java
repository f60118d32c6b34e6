package shop.e2e.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import shop.local.os.OsProcess;
import shop.local.os.ProcessFiles;
import shop.local.os.Repository;

/** HAProxy or nginx as a process, with the configuration of the folder edge. */
final class LoadBalancer implements AutoCloseable {

  /**
   * The source address of HAProxy's connections: services connect from 127.0.0.1, without PROXY.
   */
  static final String HAPROXY_ADDRESS = "127.0.0.2";

  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Path FOLDER = TwoGateways.FOLDER.resolve("balancer");

  private final OsProcess process;

  private LoadBalancer(OsProcess process) {
    this.process = process;
  }

  /**
   * Starts HAProxy.
   *
   * @param listen the address, as in the configuration's {@code EDGE_LISTEN}
   */
  static LoadBalancer haproxy(String name, String listen, List<URI> gateways) {
    var environment =
        Map.of(
            "EDGE_LISTEN",
            listen,
            "GATEWAY_1",
            gateways.get(0).getAuthority(),
            "GATEWAY_2",
            gateways.get(1).getAuthority(),
            "GATEWAY_OPTIONS",
            "source " + HAPROXY_ADDRESS);
    var command = List.of(program("haproxy"), "-f", configuration("haproxy.cfg").toString());
    return start(name, environment, command);
  }

  /** Starts nginx. Its configuration has no variables: its addresses are replaced in a copy. */
  static LoadBalancer nginx(int port, List<URI> gateways) {
    try {
      var text =
          Files.readString(configuration("nginx.conf"))
              .replace("listen 127.0.0.1:8000;", "listen 127.0.0.1:" + port + ";")
              .replace("server 127.0.0.1:8080 ", "server " + gateways.get(0).getAuthority() + " ")
              .replace("server 127.0.0.1:8180 ", "server " + gateways.get(1).getAuthority() + " ")
              // One process: no worker outlives a test that is killed.
              .replace("worker_processes auto;", "worker_processes 1; master_process off;");
      Files.createDirectories(FOLDER);
      var copy = Files.writeString(FOLDER.resolve("nginx.conf"), text);
      return start(
          "nginx",
          Map.of(),
          List.of(program("nginx"), "-p", FOLDER.toString(), "-c", copy.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LoadBalancer start(
      String name, Map<String, String> environment, List<String> command) {
    return new LoadBalancer(
        OsProcess.start(ProcessFiles.in(FOLDER, name), FOLDER, environment, command));
  }

  /** The path that {@code ./test --edge} gives. */
  static String program(String name) {
    return System.getProperty("edge." + name, name);
  }

  static Path configuration(String file) {
    return Repository.root().resolve("edge").resolve(file);
  }

  /** SIGKILL. */
  void kill() {
    process.kill();
  }

  @Override
  public void close() {
    process.stop(GRACE);
  }
}
