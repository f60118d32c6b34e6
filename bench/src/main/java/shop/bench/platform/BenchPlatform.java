package shop.bench.platform;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import shop.local.broker.KafkaBroker;
import shop.local.broker.PostgresServer;
import shop.local.os.Command;
import shop.local.os.Folders;
import shop.local.os.JavaCommand;
import shop.local.os.OsProcess;
import shop.local.os.Ports;
import shop.local.os.Probe;
import shop.local.os.ProcessFiles;
import shop.local.os.Repository;
import shop.local.os.Watchdog;

/**
 * Kafka and some of the services as separate processes on free ports, with the full compiler and
 * otherwise the options of {@code ./start}. The processes end with this JVM in any case. Logs and
 * recordings stay in the folder until the next measurement.
 */
public final class BenchPlatform implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration GRACE = Duration.ofSeconds(15);

  private final Path folder;
  private final KafkaBroker kafka;
  private final Map<String, OsProcess> services = new LinkedHashMap<>();
  private @Nullable PostgresServer postgres;
  private final HttpClient http = HttpClient.newHttpClient();

  /** Deletes the folder and starts Kafka. */
  public BenchPlatform(Path folder) throws IOException {
    this.folder = folder;
    Folders.delete(folder);
    Watchdog.guard(folder.resolve("kafka"));
    Files.createDirectories(folder);
    this.kafka = new KafkaBroker(folder.resolve("kafka"), Ports.freeBlock(KafkaBroker.PORTS));
    kafka.start();
  }

  /** The value of {@code bootstrap.servers}. */
  public String kafka() {
    return kafka.bootstrapServers();
  }

  /** PostgreSQL, which the first call starts: the settings of the service whose schema it is. */
  public Map<String, String> database(String schema) {
    if (postgres == null) {
      postgres = new PostgresServer(folder.resolve("postgres"), Ports.freeBlock(1));
      postgres.start();
    }
    var endpoint = postgres.schemas().endpoint(schema);
    return Map.of(
        "DATABASE_URL", endpoint.url(),
        "DATABASE_USER", endpoint.user(),
        "DATABASE_PASSWORD", endpoint.password());
  }

  /** A subfolder. */
  public Path folder(String name) {
    return folder.resolve(name);
  }

  /**
   * Starts a service and returns when it is ready.
   *
   * @param heap maximum heap in megabytes
   */
  public URI start(String name, int heap, Map<String, String> environment) throws IOException {
    return start(name, Path.of(name), heap, environment);
  }

  /**
   * Starts the application of a module and returns when it is ready.
   *
   * @param module the module's folder, below the repository's
   * @param heap maximum heap in megabytes
   */
  public URI start(String name, Path module, int heap, Map<String, String> environment)
      throws IOException {
    int port = Ports.freeBlock(1);
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.put("PORT", Integer.toString(port));
    all.put("MANAGEMENT_SERVER_PORT", "0");
    all.put("KAFKA_BOOTSTRAP_SERVERS", kafka());
    all.put("KAFKA_REPLICATION_FACTOR", "1");
    all.put("KAFKA_MIN_INSYNC_REPLICAS", "1");
    var place = ProcessFiles.in(folder, name);
    var process = OsProcess.start(place, unpacked(name, module), all, command(name, heap));
    services.put(name, process);
    var url = URI.create("http://127.0.0.1:" + port);
    var readiness = HttpRequest.newBuilder(url.resolve("/readyz")).build();
    Probe.await(process, START_LIMIT, () -> isReady(readiness));
    return url;
  }

  /** Extracts the service's jar, because services run from extracted jars everywhere. */
  private Path unpacked(String name, Path module) {
    var app = folder.resolve(name);
    var jar = Repository.root().resolve(module).resolve("target").resolve(name + ".jar");
    Command.run(
        folder,
        JavaCommand.withDefaults()
            .options("-Djarmode=tools")
            .jar(jar.toString(), "extract", "--force", "--destination", app.toString()));
    return app;
  }

  private static List<String> command(String name, int heap) {
    return JavaCommand.forService(heap).configuredOptions().jar(name + ".jar");
  }

  private boolean isReady(HttpRequest readiness) throws IOException {
    try {
      return http.send(readiness, BodyHandlers.discarding()).statusCode() == 200;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Stops a service and waits until it has ended. */
  public void stop(String name) {
    var process = services.remove(name);
    if (process != null) {
      process.stop(GRACE);
    }
  }

  /** CPU milliseconds that each process has used since its start. */
  public SortedMap<String, Long> cpu() {
    var used = new TreeMap<String, Long>();
    used.put("kafka", cpuMillis(kafka.pid()));
    services.forEach((name, process) -> used.put(name, cpuMillis(process.pid())));
    return used;
  }

  /** CPU milliseconds that a process has used since its start. */
  public static long cpuMillis(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO)
        .toMillis();
  }

  /** Resident megabytes of a service. */
  public long memory(String name) throws IOException {
    var process = services.get(name);
    if (process == null) {
      throw new IllegalArgumentException(name + " is not running");
    }
    var ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(process.pid())).start();
    try (var output = ps.inputReader()) {
      return Long.parseLong(String.valueOf(output.readLine()).trim()) / 1024;
    }
  }

  /**
   * Records a CPU profile of a service to {@code <name>.jfr} in the folder until the service ends.
   */
  public void record(String name) throws IOException, InterruptedException {
    var process = services.get(name);
    if (process == null) {
      throw new IllegalArgumentException(name + " is not running");
    }
    var file = folder.resolve(name + ".jfr").toAbsolutePath();
    new ProcessBuilder(
            JavaCommand.jdkTool("jcmd"),
            Long.toString(process.pid()),
            "JFR.start",
            "settings=profile",
            "jdk.CPUTimeSample#enabled=true",
            "filename=" + file)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("jcmd.log").toFile())
        .start()
        .waitFor();
  }

  @Override
  public void close() {
    services.values().forEach(OsProcess::terminate);
    List.copyOf(services.keySet()).forEach(this::stop);
    kafka.stop();
    if (postgres != null) {
      postgres.stop();
    }
    http.close();
  }
}
