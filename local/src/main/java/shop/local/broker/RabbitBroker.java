package shop.local.broker;

import static shop.local.os.Ports.LOCALHOST;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import shop.local.os.OsProcess;
import shop.local.os.Probe;
import shop.local.os.ProcessFiles;
import shop.local.os.SecretFile;

/**
 * One RabbitMQ node with an Erlang port mapper of its own, so that it never connects to another
 * RabbitMQ. It uses three consecutive ports: AMQP, the port mapper, Erlang distribution.
 */
public final class RabbitBroker extends Broker {
  /** The number of consecutive ports it uses. */
  public static final int PORTS = 3;

  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final byte[] AMQP_0_9_1 = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
  private static final byte METHOD_FRAME = 1;

  private final int port;
  private @Nullable RabbitInstallation installation;
  private @Nullable OsProcess portMapper;

  /** A node with all files in {@code folder}; its password is created at the first start. */
  public RabbitBroker(Path folder, int port) {
    this(ProcessFiles.in(folder, "rabbitmq"), port);
  }

  public RabbitBroker(ProcessFiles files, int port) {
    super(files, START_TIMEOUT);
    this.port = port;
  }

  public RabbitEndpoint endpoint() {
    return new RabbitEndpoint(LOCALHOST, port, "shop", password());
  }

  private String password() {
    return SecretFile.readOrCreate(data().resolve("password"));
  }

  @Override
  void prepare() {
    var found = RabbitInstallation.find();
    installation = found;
    SecretFile.write(data().resolve("advanced.config"), settings());
    createCookie();
    try {
      Files.writeString(data().resolve("enabled_plugins"), "[].\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var mapper = files().auxiliary("epmd");
    portMapper =
        OsProcess.find(mapper)
            .orElseGet(() ->
                OsProcess.start(
                    mapper,
                    data(),
                    Map.of(),
                    List.of(
                        found.binary("epmd").toString(),
                        "-port",
                        String.valueOf(port + 1),
                        "-address",
                        LOCALHOST)));
  }

  /** Erlang requires this file name, and that only the owner can read the file. */
  private void createCookie() {
    SecretFile.readOrCreate(data().resolve("home/.erlang.cookie"));
  }

  @Override
  List<String> command() {
    return List.of(
        installed().binary("erlexec").toString(),
        "-noinput",
        "-s",
        "rabbit",
        "boot",
        "-boot",
        "start_sasl",
        // A signal ends the node in order (+B i), and an idle node does not busy-wait (+sbwt none).
        "+W",
        "w",
        "+B",
        "i",
        "+S",
        "1:1",
        "+SDcpu",
        "1:1",
        "+sbwt",
        "none",
        "+sbwtdcpu",
        "none",
        "+sbwtdio",
        "none",
        // The same values as in rabbitmq-server.
        "+MBas",
        "ageffcbf",
        "+MHas",
        "ageffcbf",
        "+MBlmbcs",
        "512",
        "+MHlmbcs",
        "512",
        "+MMmcs",
        "30",
        "-syslog",
        "logger",
        "[]",
        "-syslog",
        "syslog_error_logger",
        "false",
        "-kernel",
        "prevent_overlapping_partitions",
        "false",
        "-kernel",
        "inet_dist_use_interface",
        "{127,0,0,1}");
  }

  @Override
  Map<String, String> environment() {
    var home = installed().home();
    var erlang = installed().erlang();
    var environment = new HashMap<String, String>();
    environment.put("ROOTDIR", erlang.toString());
    environment.put("BINDIR", installed().binaries().toString());
    environment.put("EMU", "beam");
    environment.put("PROGNAME", "erl");
    environment.put("HOME", data().resolve("home").toString());
    environment.put("ERL_LIBS", home.resolve("plugins").toString());
    environment.put("ERL_CRASH_DUMP", data().resolve("erl_crash.dump").toString());
    environment.put("ERL_EPMD_PORT", String.valueOf(port + 1));
    environment.put("ERL_EPMD_ADDRESS", LOCALHOST);
    environment.put("RABBITMQ_DIST_PORT", String.valueOf(port + 2));
    environment.put("RABBITMQ_NODENAME", "shop" + port + "@localhost");
    environment.put("RABBITMQ_HOME", home.toString());
    environment.put("RABBITMQ_PLUGINS_DIR", home.resolve("plugins").toString());
    environment.put("RABBITMQ_MNESIA_BASE", data().resolve("mnesia").toString());
    environment.put("RABBITMQ_LOG_BASE", data().toString());
    environment.put("RABBITMQ_LOGS", "-");
    environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", data().resolve("enabled_plugins").toString());
    environment.put("RABBITMQ_ADVANCED_CONFIG_FILE", data().resolve("advanced.config").toString());
    // Paths that do not exist, so that the files of an installed RabbitMQ are not read.
    environment.put("RABBITMQ_CONFIG_FILE", data().resolve("absent").toString());
    environment.put("RABBITMQ_CONF_ENV_FILE", data().resolve("absent").toString());
    return environment;
  }

  private RabbitInstallation installed() {
    if (installation == null) {
      throw new IllegalStateException("prepare() has not been called");
    }
    return installation;
  }

  private String settings() {
    return """
    [{rabbit, [
       {tcp_listeners, [{"127.0.0.1", %d}]},
       {num_acceptors, [{tcp, 2}]},
       {default_user, <<"shop">>},
       {default_pass, <<"%s">>},
       {loopback_users, []},
       {vm_memory_high_watermark, {absolute, "512MB"}},
       {disk_free_limit, 500000000},
       {collect_statistics_interval, 60000},
       {log, [{console, [{enabled, true}, {level, warning}]}, {file, [{level, none}]}]}]},
     {ra, [{wal_max_size_bytes, 16777216}]}].
    """
        .formatted(port, password());
  }

  @Override
  boolean ready() throws IOException {
    var response = Probe.exchange(port, AMQP_0_9_1, 1);
    return response.length == 1 && response[0] == METHOD_FRAME;
  }

  @Override
  public synchronized void stop() {
    super.stop();
    stopPortMapper();
  }

  @Override
  public synchronized void kill() {
    super.kill();
    stopPortMapper();
  }

  private void stopPortMapper() {
    if (portMapper != null) {
      portMapper.stop(GRACE);
      portMapper = null;
    }
  }
}
