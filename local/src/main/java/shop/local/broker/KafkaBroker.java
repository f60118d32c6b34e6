package shop.local.broker;

import static shop.local.os.Ports.LOCALHOST;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import shop.local.os.AotCache;
import shop.local.os.JavaCommand;
import shop.local.os.LaunchException;
import shop.local.os.OsProcess;
import shop.local.os.Probe;
import shop.local.os.ProcessFiles;
import shop.local.os.Repository;

/** One Kafka node that is broker and controller (KRaft), from Kafka's Maven artifacts. */
public final class KafkaBroker extends Broker {
  /** The number of consecutive ports it uses: for clients, and for the controller. */
  public static final int PORTS = 2;

  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration FORMAT_TIMEOUT = Duration.ofMinutes(2);
  // A Metadata request, version 1, for no topic; correlation id 7, no client id.
  private static final byte[] METADATA = {0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 7, -1, -1, 0, 0, 0, 0};

  // A constant cluster id lets a data folder move between checkouts.
  private static final String CLUSTER_ID = "b3JkZXItcGxhdGZvcm0tMQ";

  private final int port;
  private final int proxyPort;
  private final AotCache.Mode aot;

  /** A broker on {@code port} and {@code port + 1}, with all files in {@code folder}. */
  public KafkaBroker(Path folder, int port) {
    this(ProcessFiles.in(folder, "kafka"), port);
  }

  public KafkaBroker(ProcessFiles files, int port) {
    this(files, port, 0, AotCache.Mode.USE);
  }

  /**
   * A broker with a second listener on {@code port + 2}, whose advertised address is that of a
   * proxy.
   *
   * @param proxyPort the port on which the proxy listens; 0 for no proxy
   * @param aot whether it uses or records {@link #aotCache}
   */
  public KafkaBroker(ProcessFiles files, int port, int proxyPort, AotCache.Mode aot) {
    super(files, START_TIMEOUT);
    this.aot = aot;
    this.port = port;
    this.proxyPort = proxyPort;
  }

  /** The port to which the proxy forwards. */
  public int portBehindProxy() {
    return port + 2;
  }

  /** The value for a client's {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return LOCALHOST + ":" + port;
  }

  @Override
  void prepare() {
    try {
      Files.createDirectories(data());
      Files.writeString(config(), settings());
      if (!Files.exists(data().resolve("log/meta.properties"))) {
        format();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void format() {
    var command =
        java(JavaCommand.withMaxHeap(128).quickCompiler())
            .mainClass(
                Repository.classPath("kafka"),
                "kafka.tools.StorageTool",
                "format",
                "--standalone",
                "--cluster-id",
                CLUSTER_ID,
                "--config",
                config().toString());
    var tool = OsProcess.start(files().auxiliary("format"), data(), environment(), command);
    tool.awaitExitOrKill(FORMAT_TIMEOUT);
    if (!Files.exists(data().resolve("log/meta.properties"))) {
      throw new LaunchException(
          "Kafka's data folder "
              + data()
              + " could not be formatted. The last lines of the log:\n"
              + tool.logTail(15));
    }
  }

  /** The AOT cache of Kafka, which all brokers of this checkout share. */
  public static AotCache aotCache() {
    return new AotCache(Repository.root().resolve("local/target/kafka.aot"));
  }

  /**
   * Its process.
   *
   * @throws IllegalStateException if it is not running
   */
  public synchronized OsProcess process() {
    return requireRunning();
  }

  @Override
  List<String> command() {
    return aotCache()
        .apply(aot, java(), Repository.classPath("kafka"))
        .mainClass(Repository.classPath("kafka"), "kafka.Kafka", config().toString());
  }

  /** The JVM of a broker. */
  public static JavaCommand java() {
    var jvm =
        JavaCommand.withMaxHeap(256)
            .initialHeap(64)
            .options("-Xss512k")
            .quickCompiler()
            .exitOnOutOfMemory();
    return java(jvm).hugePages().configuredOptions();
  }

  private static JavaCommand java(JavaCommand command) {
    return command
        .serialCollector()
        .nativeAccess()
        .options(
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.log.kafka.server=info");
  }

  /**
   * Whether the broker is listed in its own metadata. The port opens earlier, but until then the
   * partitions have no leader.
   */
  @Override
  boolean ready() throws IOException {
    var response = Probe.exchange(port, METADATA, 12);
    return response.length == 12 && response[7] == 7 && ByteBuffer.wrap(response).getInt(8) == 1;
  }

  private Path config() {
    return data().resolve("server.properties");
  }

  private String settings() {
    var listener = proxyPort == 0 ? "" : ",PROXIED://127.0.0.1:" + portBehindProxy();
    var advertised = proxyPort == 0 ? "" : ",PROXIED://127.0.0.1:" + proxyPort;
    return """
    process.roles=broker,controller
    node.id=1
    listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d%4$s
    advertised.listeners=PLAINTEXT://127.0.0.1:%1$d%5$s
    controller.listener.names=CONTROLLER
    controller.quorum.bootstrap.servers=127.0.0.1:%2$d
    listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT
    inter.broker.listener.name=PLAINTEXT
    log.dirs=%3$s
    # Topics are declared in code. The offsets of an inactive group never expire.
    auto.create.topics.enable=false
    offsets.retention.minutes=2147483647
    # One node cannot replicate; fewer partitions start faster.
    offsets.topic.replication.factor=1
    offsets.topic.num.partitions=4
    transaction.state.log.replication.factor=1
    transaction.state.log.min.isr=1
    transaction.state.log.num.partitions=4
    share.coordinator.state.topic.replication.factor=1
    share.coordinator.state.topic.min.isr=1
    share.coordinator.state.topic.num.partitions=1
    group.initial.rebalance.delay.ms=0
    # A killed process's partitions and transactions are free as soon as its own timeouts say.
    group.min.session.timeout.ms=1000
    transaction.abort.timed.out.transaction.cleanup.interval.ms=500
    group.streams.initial.rebalance.delay.ms=0
    # Sized for a laptop.
    num.network.threads=2
    num.io.threads=4
    background.threads=4
    log.cleaner.dedupe.buffer.size=16777216
    """
        .formatted(port, port + 1, data().resolve("log"), listener, advertised);
  }
}
