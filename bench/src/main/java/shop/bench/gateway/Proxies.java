package shop.bench.gateway;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import shop.bench.platform.BenchPlatform;
import shop.local.os.OsProcess;
import shop.local.os.Ports;
import shop.local.os.Probe;
import shop.local.os.ProcessFiles;

/** nginx as the upstream of every target, and nginx and HAProxy as reverse proxies to it. */
final class Proxies implements AutoCloseable {

  private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final int UPSTREAM_PORTS = 3;

  /** About what a product is. */
  private static final String BODY =
      "{\"sku\":\"ESPRESSO-1KG\",\"name\":\"Espresso beans, 1 kg\",\"price\":{\"amount\":\"18.90\","
          + "\"currency\":\"EUR\"},\"available\":1000,\"description\":\"Roasted in small batches\"}";

  private final Path folder;
  private final List<Integer> upstreams;
  private final int nginxPort;
  private final int haproxyPort;
  private final OsProcess upstream;
  private final OsProcess nginx;
  private final OsProcess haproxy;

  /**
   * Starts the three.
   *
   * @param nginxProgram path of nginx
   * @param haproxyProgram path of HAProxy
   */
  Proxies(Path folder, String nginxProgram, String haproxyProgram) throws IOException {
    this.folder = folder;
    int first = Ports.freeBlock(UPSTREAM_PORTS + 2);
    upstreams = IntStream.range(first, first + UPSTREAM_PORTS).boxed().toList();
    nginxPort = first + UPSTREAM_PORTS;
    haproxyPort = nginxPort + 1;
    upstream = nginx("upstream", nginxProgram, upstreamConfiguration());
    nginx = nginx("nginx", nginxProgram, nginxConfiguration());
    haproxy = haproxy(haproxyProgram);
    Probe.await(upstream, START_TIMEOUT, () -> !Ports.free(first));
    Probe.await(nginx, START_TIMEOUT, () -> !Ports.free(nginxPort));
    Probe.await(haproxy, START_TIMEOUT, () -> !Ports.free(haproxyPort));
  }

  /** The base URLs of the upstream, one for each of its ports. */
  List<String> upstreamUrls() {
    return upstreams.stream().map(port -> "http://127.0.0.1:" + port).toList();
  }

  Target nginxTarget(String path) {
    return target("nginx", nginxPort, path, nginx);
  }

  Target haproxyTarget(String path) {
    return target("HAProxy", haproxyPort, path, haproxy);
  }

  private static Target target(String name, int port, String path, OsProcess process) {
    return new Target(
        name,
        URI.create("http://127.0.0.1:" + port + path),
        () -> null,
        () -> BenchPlatform.cpuMillis(process.pid()));
  }

  private OsProcess nginx(String name, String program, String servers) throws IOException {
    var home = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        home.resolve("nginx.conf"),
        """
        daemon off;
        master_process off;
        pid %1$s/nginx.pid;
        error_log stderr;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          keepalive_requests 1000000000;
          %2$s
        }
        """
            .formatted(home, servers));
    return start(
        name, List.of(program, "-p", home.toString(), "-c", home.resolve("nginx.conf").toString()));
  }

  private String upstreamConfiguration() {
    return """
    server {
    %s
      location = /products/cacheable {
        add_header Cache-Control "public, max-age=600";
        default_type application/json;
        return 200 '%s';
      }
      location / { default_type application/json; return 200 '%s'; }
    }
    """
        .formatted(
            upstreams.stream()
                .map(port -> "  listen 127.0.0.1:%d reuseport;".formatted(port))
                .collect(Collectors.joining("\n")),
            BODY,
            BODY);
  }

  private String nginxConfiguration() {
    return """
    upstream services {
    %s
      keepalive 64;
    }
    server {
      listen 127.0.0.1:%d;
      location / {
        proxy_pass http://services;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
      }
    }
    """
        .formatted(
            upstreams.stream()
                .map(port -> "  server 127.0.0.1:%d;".formatted(port))
                .collect(Collectors.joining("\n")),
            nginxPort);
  }

  private OsProcess haproxy(String program) throws IOException {
    var home = Files.createDirectories(folder.resolve("haproxy"));
    Files.writeString(
        home.resolve("haproxy.cfg"),
        """
        global
          nbthread 1
        defaults
          mode http
          timeout connect 1s
          timeout client 30s
          timeout server 30s
        listen services
          bind 127.0.0.1:%d
          balance roundrobin
        %s
        """
            .formatted(
                haproxyPort,
                upstreams.stream()
                    .map(port -> "  server s%1$d 127.0.0.1:%1$d".formatted(port))
                    .collect(Collectors.joining("\n"))));
    return start("haproxy", List.of(program, "-db", "-f", home.resolve("haproxy.cfg").toString()));
  }

  private OsProcess start(String name, List<String> command) throws IOException {
    return OsProcess.start(ProcessFiles.in(folder, name), folder, Map.of(), command);
  }

  @Override
  public void close() {
    List.of(nginx, haproxy, upstream).forEach(process -> process.stop(GRACE));
  }
}
