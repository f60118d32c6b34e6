package shop.local.broker;

import static shop.local.os.Ports.LOCALHOST;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import shop.local.os.LaunchException;
import shop.local.os.Probe;
import shop.local.os.ProcessFiles;
import shop.local.os.Repository;
import shop.local.os.SecretFile;

/** One Redis: the installed {@code redis-server}, else the executable (6.2) of embedded-redis. */
public final class RedisServer extends Broker {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

  // Found, and if necessary unpacked, before brokers are started side by side: a process that
  // another
  // thread forks meanwhile would hold the file open for writing, and it could not be executed.
  private final Path executable = executable();
  private final int port;
  private final String password;
  private final String maxMemory;

  /** A server without a password, with all files in {@code folder}. */
  public RedisServer(Path folder, int port) {
    this(ProcessFiles.in(folder, "redis"), port, "");
  }

  /**
   * A server that requires a password.
   *
   * @param password empty for none
   */
  public RedisServer(ProcessFiles files, int port, String password) {
    this(files, port, password, "2gb");
  }

  /**
   * A server with a limit of its own.
   *
   * @param password empty for none
   * @param maxMemory for its data, as Redis writes it: {@code 256mb}
   */
  public RedisServer(ProcessFiles files, int port, String password, String maxMemory) {
    super(files, START_TIMEOUT);
    this.port = port;
    this.password = password;
    this.maxMemory = maxMemory;
  }

  public RedisEndpoint endpoint() {
    return new RedisEndpoint(LOCALHOST, port, password);
  }

  @Override
  void prepare() {
    // In a file, because every user can read the command line of a process.
    SecretFile.write(data().resolve("redis.conf"), settings());
  }

  @Override
  List<String> command() {
    return List.of(executable.toString(), data().resolve("redis.conf").toString());
  }

  private String settings() {
    return """
    bind 127.0.0.1
    protected-mode yes
    port %d
    daemonize no
    dir "%s"
    # All data can be rebuilt from the Kafka log, so losing a second of it is acceptable.
    appendonly yes
    appendfsync everysec
    # The append-only file is rewritten when it has doubled, but not below 1 GB: a rewrite uses 0.4 of a core and copies the pages that change.
    auto-aof-rewrite-min-size 1gb
    # Compression used more than half of the CPU and made the file a seventh smaller.
    rdbcompression no
    save ""
    # When the memory is full, Redis rejects writes; it never evicts keys.
    maxmemory %s
    maxmemory-policy noeviction
    # Keeps an order's hash in one ziplist, which takes a sixth less memory.
    hash-max-ziplist-value 4096
    %s
    """
        .formatted(
            port, data(), maxMemory, password.isEmpty() ? "" : "requirepass \"" + password + "\"");
  }

  @Override
  boolean ready() throws IOException {
    var auth = password.isEmpty() ? "" : "AUTH " + password + "\r\n";
    var expected = password.isEmpty() ? "+PONG" : "+OK\r\n+PONG";
    var request = (auth + "PING\r\n").getBytes(StandardCharsets.US_ASCII);
    var response = Probe.exchange(port, request, expected.length());
    return new String(response, StandardCharsets.US_ASCII).equals(expected);
  }

  private static Path executable() {
    return Repository.executable("redis-server").orElseGet(RedisServer::bundled);
  }

  private static Path bundled() {
    var target = Repository.root().resolve("local/target/redis-server");
    if (!Files.isExecutable(target)) {
      unpackTo(target);
    }
    return target;
  }

  private static void unpackTo(Path target) {
    var name = resource();
    try (var in = RedisServer.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new LaunchException(
            "embedded-redis does not contain "
                + name
                + ". Install redis-server (Debian: sudo apt-get install redis-server).");
      }
      Files.createDirectories(target.getParent());
      var temporary = Files.createTempFile(target.getParent(), "redis-server", ".new");
      Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource() {
    var os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    var arm = System.getProperty("os.arch").equals("aarch64");
    if (os.contains("linux")) {
      return arm ? "/redis-server-6.2.7-linux-arm64" : "/redis-server-6.2.6-v5-linux-amd64";
    }
    if (os.contains("mac")) {
      return arm ? "/redis-server-6.2.6-v5-darwin-arm64" : "/redis-server-6.2.6-v5-darwin-amd64";
    }
    throw new LaunchException(
        "There is no bundled Redis for "
            + os
            + ". Use Linux, macOS or WSL, or install redis-server.");
  }
}
