package shop.local.broker;

import static shop.local.os.Ports.LOCALHOST;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import shop.local.os.Command;
import shop.local.os.Folders;
import shop.local.os.LaunchException;
import shop.local.os.Ports;
import shop.local.os.ProcessFiles;
import shop.local.os.SecretFile;

/**
 * One PostgreSQL with the database {@code shop}, in which every service has a schema and a role. It
 * listens on 127.0.0.1 only, has no Unix socket, and requires a password (SCRAM) from everybody.
 */
public final class PostgresServer extends Broker {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final String ADMINISTRATOR = "postgres";

  /** The class of SQL states that say that there is no connection. */
  private static final String NO_CONNECTION = "08";

  /** That of those that say that it starts, recovers from a crash, or stops. */
  private static final String NOT_RUNNING = "57P";

  private static final String DISK_FULL = "53100";

  // Found, and if necessary unpacked, before brokers are started side by side, as in RedisServer.
  private final PostgresInstallation installation = PostgresInstallation.find();
  private final PostgresAccount account;
  private final int port;
  private final UnaryOperator<String> passwords;

  /** A server with all files in {@code folder}; its passwords are created at the first start. */
  public PostgresServer(Path folder, int port) {
    this(
        ProcessFiles.in(folder, "postgres"),
        port,
        user -> SecretFile.readOrCreate(folder.resolve("secrets").resolve(user)));
  }

  /**
   * A server with given passwords.
   *
   * @param passwords returns the password of a user: of {@code postgres}, who is the administrator,
   *     and of each role in {@link DatabaseSchemas#NAMES}
   */
  public PostgresServer(ProcessFiles files, int port, UnaryOperator<String> passwords) {
    this(files, port, passwords, List.of());
  }

  /**
   * The same, run by another command.
   *
   * @param launcher runs the command that follows it, for example {@code nsenter} with its options;
   *     empty for none. The server finds its data folder there by the same path
   */
  public PostgresServer(
      ProcessFiles files, int port, UnaryOperator<String> passwords, List<String> launcher) {
    this(files, port, passwords, PostgresAccount.find().through(launcher));
  }

  PostgresServer(
      ProcessFiles files, int port, UnaryOperator<String> passwords, PostgresAccount account) {
    super(files, START_TIMEOUT);
    this.port = port;
    this.passwords = passwords;
    this.account = account;
  }

  /** The database, and what belongs to each service in it. */
  public DatabaseSchemas schemas() {
    return new DatabaseSchemas(
        new DatabaseEndpoint(
            LOCALHOST + ":" + port,
            DatabaseSchemas.DATABASE,
            "",
            ADMINISTRATOR,
            passwords.apply(ADMINISTRATOR)),
        passwords);
  }

  public int port() {
    return port;
  }

  private Path cluster() {
    return data().resolve("cluster");
  }

  @Override
  void prepare() {
    Ports.requireFree(port, "PostgreSQL");
    try {
      Files.createDirectories(data());
      if (Files.isDirectory(cluster())) {
        requireSameVersion();
        deleteStaleLock();
      } else {
        initialize();
      }
      SecretFile.write(cluster().resolve("postgresql.conf"), settings());
      SecretFile.write(
          cluster().resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
      account.own(data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireSameVersion() throws IOException {
    var version = Files.readString(cluster().resolve("PG_VERSION")).trim();
    if (!version.equals(String.valueOf(installation.version()))) {
      throw new LaunchException(
          "%s is of PostgreSQL %s, and this is PostgreSQL %d, which cannot read it. Delete that folder: the services fill the database again from Kafka."
              .formatted(cluster(), version, installation.version()));
    }
  }

  /**
   * After a crash, PostgreSQL replaces its lock file unless a process has the id in it, or the file
   * is empty. Such a process that is no PostgreSQL got the id later; in containers the same ids
   * come back.
   */
  private void deleteStaleLock() throws IOException {
    var lock = cluster().resolve("postmaster.pid");
    if (Files.exists(lock)
        && Files.readAllLines(lock).stream()
            .findFirst()
            .map(PostgresServer::isStale)
            .orElse(true)) {
      Files.delete(lock);
    }
  }

  private static boolean isStale(String pid) {
    return ProcessHandle.of(Long.parseLong(pid.trim()))
        .flatMap(process -> process.info().command())
        .filter(program -> !program.endsWith("postgres"))
        .isPresent();
  }

  /** Into another folder first, so that the cluster is complete if it exists. */
  private void initialize() throws IOException {
    var unfinished = data().resolve("new");
    Folders.delete(unfinished);
    var password = data().resolve("administrator");
    SecretFile.write(password, passwords.apply(ADMINISTRATOR));
    account.own(data());
    try {
      Command.run(data(), account.command(initdb(unfinished, password)));
    } finally {
      Files.delete(password);
    }
    Files.move(unfinished, cluster(), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Text is compared byte by byte, which is fast, and depends on no library of the system whose
   * other version would damage indexes; what a letter is (lower(), pg_trgm) follows Unicode.
   */
  private List<String> initdb(Path folder, Path password) {
    var mac = System.getProperty("os.name").startsWith("Mac");
    return List.of(
        installation.initdb().toString(),
        "--pgdata=" + folder,
        "--username=" + ADMINISTRATOR,
        "--pwfile=" + password,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--lc-ctype=" + (mac ? "UTF-8" : "C.UTF-8"),
        "--data-checksums",
        // A power failure at the very first start costs nothing.
        "--no-sync",
        "--no-instructions");
  }

  private String settings() {
    return """
    listen_addresses = '127.0.0.1'
    port = %d
    unix_socket_directories = ''
    # Each service has a pool of ten; this is enough for three instances of all, and some tools.
    max_connections = 200
    shared_buffers = 64MB
    # No replicas: the log of changes contains only what a crash needs.
    wal_level = minimal
    max_wal_senders = 0
    max_wal_size = 512MB
    # A small machine has no cores to share among the parts of one query.
    max_parallel_workers_per_gather = 0
    log_checkpoints = off
    log_timezone = 'UTC'
    timezone = 'UTC'
    """
        .formatted(port);
  }

  @Override
  List<String> command() {
    return account.command(List.of(installation.postgres().toString(), "-D", cluster().toString()));
  }

  @Override
  Map<String, String> environment() {
    return Map.of("LC_ALL", "C");
  }

  /** A fast shutdown, which ends connections; SIGTERM would wait for the clients to close them. */
  @Override
  String stopSignal() {
    return "INT";
  }

  @Override
  boolean ready() throws IOException {
    try {
      schemas().prepare();
      return true;
    } catch (SQLException e) {
      if (notYet(e)) {
        throw new IOException(e);
      }
      if (DISK_FULL.equals(e.getSQLState())) {
        // Then it still answers queries, and nothing is missing that an earlier start created.
        return true;
      }
      throw new LaunchException(
          "The database of %s cannot be prepared: %s. If its password was deleted, delete the folder, too: the services fill the database again from Kafka."
              .formatted(cluster(), e.getMessage()),
          e);
    }
  }

  private static boolean notYet(SQLException e) {
    var state = e.getSQLState();
    return state == null || state.startsWith(NO_CONNECTION) || state.startsWith(NOT_RUNNING);
  }
}
