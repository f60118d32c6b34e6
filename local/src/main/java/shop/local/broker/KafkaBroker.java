package shop.local.broker;

import static shop.local.os.Ports.LOCALHOST;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import shop.local.os.Failure;
import shop.local.os.JvmOptions;
import shop.local.os.OsProcess;
import shop.local.os.Probe;
import shop.local.os.ProcessFiles;
import shop.local.os.Repository;

/** One Kafka node, broker and controller in one (KRaft), from the Maven artifacts of Kafka. */
public final class KafkaBroker extends Broker {
  /** How many ports in a row it takes: clients, and the controller. */
  public static final int PORTS = 2;

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration FORMAT_LIMIT = Duration.ofMinutes(2);
  // Metadata of no topic, version 1, correlation id 7, no client id.
  private static final byte[] METADATA = {0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 7, -1, -1, 0, 0, 0, 0};

  // Any cluster id serves; a constant one lets a data folder move between checkouts.
  private static final String CLUSTER_ID = "b3JkZXItcGxhdGZvcm0tMQ";

  private final int port;
  private final int proxyPort;

  /** A broker on {@code port} (and the next one), everything in {@code folder}. */
  public KafkaBroker(Path folder, int port) {
    this(ProcessFiles.in(folder, "kafka"), port);
  }

  public KafkaBroker(ProcessFiles place, int port) {
    this(place, port, 0);
  }

  /**
   * A broker that also listens two ports further on, and there tells clients to come back by way of
   * a proxy.
   *
   * @param proxyPort where the proxy listens; 0 for none
   */
  public KafkaBroker(ProcessFiles place, int port, int proxyPort) {
    super(place, START_LIMIT);
    this.port = port;
    this.proxyPort = proxyPort;
  }

  /** Where the proxy finds this broker. */
  public int portBehindProxy() {
    return port + 2;
  }

  /** What a client takes as {@code bootstrap.servers}. */
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
    var command = java("-Xmx128m", JvmOptions.QUICK);
    command.addAll(
        List.of("kafka.tools.StorageTool", "format", "--standalone", "--cluster-id", CLUSTER_ID));
    command.addAll(List.of("--config", config().toString()));
    var tool = OsProcess.start(place().beside("format"), data(), environment(), command);
    tool.awaitEnd(FORMAT_LIMIT);
    if (!Files.exists(data().resolve("log/meta.properties"))) {
      throw new Failure("Kafka's data folder could not be formatted:\n" + tool.lastWords(15));
    }
  }

  @Override
  List<String> command() {
    var command =
        java("-Xms64m", "-Xmx256m", "-Xss512k", JvmOptions.QUICK, "-XX:+ExitOnOutOfMemoryError");
    command.addAll(command.indexOf("-cp"), JvmOptions.HUGE_PAGES);
    command.addAll(command.indexOf("-cp"), JvmOptions.given());
    command.addAll(List.of("kafka.Kafka", config().toString()));
    return command;
  }

  private static List<String> java(String... options) {
    var command = new ArrayList<String>();
    command.add(Repository.java());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.log.kafka.server=info",
            "-cp",
            Repository.jars("kafka")));
    return command;
  }

  /** The port is open earlier, but until the broker names itself its partitions have no leader. */
  @Override
  boolean ready() throws IOException {
    var answer = Probe.exchange(port, METADATA, 12);
    return answer.length == 12 && answer[7] == 7 && ByteBuffer.wrap(answer).getInt(8) == 1;
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
    # Topics are declared in code; a group that idles keeps its place for ever.
    auto.create.topics.enable=false
    offsets.retention.minutes=2147483647
    # One node: nothing to replicate to, and few partitions start faster.
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
