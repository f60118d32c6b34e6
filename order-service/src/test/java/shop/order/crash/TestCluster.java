package shop.order.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import shop.common.testkit.TestTokens;
import shop.local.broker.DatabaseEndpoint;
import shop.local.broker.KafkaBroker;
import shop.local.broker.PostgresServer;
import shop.local.broker.RedisServer;
import shop.local.os.JavaCommand;
import shop.local.os.OsProcess;
import shop.local.os.Ports;
import shop.local.os.Probe;
import shop.local.os.ProcessFiles;
import shop.local.os.Watchdog;

/**
 * Kafka, Redis, PostgreSQL and instances of order-service, each a separate process that can be
 * stopped, frozen and killed. The timings of placement are shorter than in production, in the same
 * order.
 */
final class TestCluster {

  static final Duration DEADLINE = Duration.ofSeconds(3);
  static final Duration LEASE = Duration.ofSeconds(4);
  static final Duration HOLD = Duration.ofSeconds(6);

  /** For what a test does concurrently. */
  static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private static final Duration START_LIMIT = Duration.ofMinutes(5);
  private static @Nullable TestCluster shared;

  private final Path folder;
  final KafkaBroker kafka;
  final RedisServer redis;
  final PostgresServer postgres;
  final EventLog log;
  final Instance one;
  final Instance two;
  private final Set<Integer> ports = new HashSet<>();
  private int instances;

  /** The cluster that the tests of this JVM share, with two running instances. */
  static synchronized TestCluster shared() {
    if (shared == null) {
      shared = new TestCluster();
    }
    return shared;
  }

  private TestCluster() {
    try {
      folder = Files.createTempDirectory("order-cluster");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Watchdog.guard(folder);
    kafka = new KafkaBroker(folder.resolve("kafka"), Ports.freeBlock(KafkaBroker.PORTS));
    redis = new RedisServer(folder.resolve("redis"), Ports.freeBlock(1));
    postgres = new PostgresServer(folder.resolve("postgres"), Ports.freeBlock(1));
    kafka.start();
    redis.start();
    postgres.start();
    log = new EventLog(kafka.bootstrapServers());
    one = instance();
    two = instance();
  }

  /** The schema of order-service in PostgreSQL. */
  DatabaseEndpoint database() {
    return postgres.schemas().endpoint("orders");
  }

  /** Starts another instance of the service. */
  Instance instance() {
    var instance = instance(redis.endpoint().port());
    instance.start();
    return instance;
  }

  /** Starts another instance whose appends can be delayed by {@link Instance#pauseAppends}. */
  Instance pausableInstance() {
    var instance = instance(redis.endpoint().port());
    instance.environment.put(
        "SPRING_KAFKA_PRODUCER_PROPERTIES_INTERCEPTOR_CLASSES", AppendGate.class.getName());
    instance.environment.put(AppendGate.ENVIRONMENT, instance.gate().toString());
    instance.start();
    return instance;
  }

  /** Creates another instance that connects to Redis at a given port, without starting it. */
  synchronized Instance instance(int redisPort) {
    int port = Ports.freeBlock(1);
    while (!ports.add(port)) {
      port = Ports.freeBlock(1);
    }
    String name = "order-service-" + ++instances;
    Map<String, String> environment = new HashMap<>();
    environment.put("PORT", Integer.toString(port));
    environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
    environment.put("KAFKA_REPLICATION_FACTOR", "1");
    environment.put("KAFKA_MIN_INSYNC_REPLICAS", "1");
    environment.put("REDIS_HOST", redis.endpoint().host());
    environment.put("REDIS_PORT", Integer.toString(redisPort));
    environment.put("DATABASE_URL", database().url());
    environment.put("DATABASE_PASSWORD", database().password());
    environment.put("JWKS_URI", TestTokens.jwksUri());
    environment.put("STATE_DIR", folder.resolve(name + "-state").toString());
    environment.put("ORDER_DEADLINE", DEADLINE.toSeconds() + "s");
    environment.put("ORDER_LEASE", LEASE.toSeconds() + "s");
    environment.put("ORDER_HOLD", HOLD.toSeconds() + "s");
    environment.put("ORDER_MAX_CLOCK_SKEW", "500ms");
    // The classpath of the test contains springdoc, that of the service does not.
    environment.put("SPRINGDOC_APIDOCS_ENABLED", "false");
    environment.put("SHOP_PLACEMENT_ABANDONEDCHECKINTERVAL", "500ms");
    environment.put("SPRING_KAFKA_PRODUCER_PROPERTIES_DELIVERY_TIMEOUT_MS", "2000");
    environment.put("SPRING_KAFKA_PRODUCER_PROPERTIES_REQUEST_TIMEOUT_MS", "1500");
    environment.put("SPRING_KAFKA_CONSUMER_PROPERTIES_SESSION_TIMEOUT_MS", "3000");
    environment.put("SPRING_KAFKA_CONSUMER_PROPERTIES_HEARTBEAT_INTERVAL_MS", "600");
    environment.put("SHOP_PROCESSING_SESSIONTIMEOUT", "3s");
    environment.put("SHOP_PROCESSING_TRANSACTIONTIMEOUT", "3s");
    environment.put("MANAGEMENT_SERVER_PORT", "0");
    return new Instance(ProcessFiles.in(folder.resolve(name), name), port, environment);
  }

  /** A process of order-service. */
  static final class Instance {
    private final ProcessFiles files;
    private final int port;
    private final Map<String, String> environment;
    private @Nullable OsProcess process;

    private Instance(ProcessFiles files, int port, Map<String, String> environment) {
      this.files = files;
      this.port = port;
      this.environment = environment;
    }

    int port() {
      return port;
    }

    void start() {

      try {
        Files.createDirectories(files.data());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      process =
          OsProcess.start(
              files,
              files.data(),
              environment,
              JavaCommand.withMaxHeap(256)
                  .quickCompiler()
                  .serialCollector()
                  .nativeAccess()
                  .mainClass(JavaCommand.ownClassPath(), "shop.order.OrderApplication"));
      byte[] request =
          "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(US_ASCII);
      Probe.await(
          process,
          START_LIMIT,
          () -> new String(Probe.exchange(port, request, 12), US_ASCII).equals("HTTP/1.1 200"));
    }

    /** Delays every command and adjustment of the instance before it is sent to Kafka. */
    void pauseAppends() {
      try {
        Files.createFile(gate());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void resumeAppends() {
      try {
        Files.deleteIfExists(gate());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Path gate() {
      return files.data().resolve("append-gate");
    }

    /** Kills the process, like a crash (SIGKILL). */
    void kill() {
      process.kill();
    }

    /** Stops the process in an orderly way, and waits. */
    void stop() {
      process.stop(Duration.ofSeconds(20));
    }

    /** Freezes the process (SIGSTOP) until it is thawed. */
    void freeze() {
      process.freeze();
    }

    void thaw() {
      process.thaw();
    }
  }
}
