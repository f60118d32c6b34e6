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
import shop.local.os.Failure;
import shop.local.os.Probe;
import shop.local.os.ProcessFiles;
import shop.local.os.Repository;
import shop.local.os.SecretFile;

/** One Redis: the installed {@code redis-server}, else the 6.2 executable of embedded-redis. */
public final class RedisServer extends Broker {
  private static final Duration START_LIMIT = Duration.ofMinutes(1);

  private final int port;
  private final String password;

  /** A server without a password, everything in {@code folder}. */
  public RedisServer(Path folder, int port) {
    this(ProcessFiles.in(folder, "redis"), port, "");
  }

  /**
   * A server that asks for a password.
   *
   * @param password empty for none
   */
  public RedisServer(ProcessFiles place, int port, String password) {
    super(place, START_LIMIT);
    this.port = port;
    this.password = password;
  }

  public RedisEndpoint endpoint() {
    return new RedisEndpoint(LOCALHOST, port, password);
  }

  @Override
  void prepare() {
    // In a file, because command lines are there for everyone to read.
    SecretFile.write(data().resolve("redis.conf"), settings());
  }

  @Override
  List<String> command() {
    return List.of(executable().toString(), data().resolve("redis.conf").toString());
  }

  private String settings() {
    return """
    bind 127.0.0.1
    protected-mode yes
    port %d
    daemonize no
    dir "%s"
    # The log can rebuild all of it; a second of it may be lost.
    appendonly yes
    appendfsync everysec
    # Written anew for every doubling, but not while it is small: that costs 0.4 of a core and a copy of what changes.
    auto-aof-rewrite-min-size 1gb
    # To compress it took more than half of the CPU and saved a seventh of the file.
    rdbcompression no
    save ""
    # Full means refused, never silently forgotten.
    maxmemory 2gb
    maxmemory-policy noeviction
    # An order's hash in one piece: a sixth less memory.
    hash-max-ziplist-value 4096
    %s
    """
        .formatted(port, data(), password.isEmpty() ? "" : "requirepass \"" + password + "\"");
  }

  @Override
  boolean ready() throws IOException {
    var login = password.isEmpty() ? "" : "AUTH " + password + "\r\n";
    var expected = password.isEmpty() ? "+PONG" : "+OK\r\n+PONG";
    var request = (login + "PING\r\n").getBytes(StandardCharsets.US_ASCII);
    var answer = Probe.exchange(port, request, expected.length());
    return new String(answer, StandardCharsets.US_ASCII).equals(expected);
  }

  private static Path executable() {
    return Repository.program("redis-server").orElseGet(RedisServer::bundled);
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
        throw new Failure("embedded-redis no longer carries " + name + ". Install redis-server.");
      }
      Files.createDirectories(target.getParent());
      var fresh = Files.createTempFile(target.getParent(), "redis-server", ".new");
      Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
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
    throw new Failure("There is no Redis for " + os + ". Use Linux, macOS or WSL.");
  }
}
