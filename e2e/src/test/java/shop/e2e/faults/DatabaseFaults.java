package shop.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import shop.local.broker.DatabaseEndpoint;
import shop.local.os.Folders;
import shop.local.os.LaunchException;

/** Faults of PostgreSQL. */
final class DatabaseFaults {

  static final Fault DISK_FULL =
      new Fault(24, "PostgreSQL's disk is full", DatabaseFaults::diskFull);

  static final List<Fault> ALL =
      List.of(
          new Fault(21, "PostgreSQL is killed", DatabaseFaults::killed),
          new Fault(22, "PostgreSQL is restored from an older copy", DatabaseFaults::restored),
          new Fault(23, "PostgreSQL and Redis are wiped", DatabaseFaults::wipedWithRedis),
          DISK_FULL);

  /** The segments of PostgreSQL's log that may exist in advance: max_wal_size, and some more. */
  private static final int SEGMENTS = 50;

  private DatabaseFaults() {}

  private static String killed(FaultPlatform platform) {
    var postgres = platform.processes().postgres();
    postgres.kill();
    var order = platform.placeOrder();
    platform.awaitStatus(order, "CONFIRMED");
    postgres.start();
    return "order %s was settled while PostgreSQL was away".formatted(order);
  }

  private static String restored(FaultPlatform platform) {
    var postgres = platform.processes().postgres();
    Path data = cluster(platform);
    Path copy = data.resolveSibling("copy");
    Folders.delete(copy);
    // A copy of the files is consistent only while the server is stopped.
    postgres.kill();
    copy(data, copy);
    postgres.start();
    for (int i = 0; i < 3; i++) {
      platform.placeOrder();
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
    int newer = archived(platform);
    postgres.kill();
    Folders.delete(data);
    move(copy, data);
    postgres.start();
    platform.placeOrder();
    return "PostgreSQL had %d orders when an older copy replaced it".formatted(newer);
  }

  private static String wipedWithRedis(FaultPlatform platform) {
    var postgres = platform.processes().postgres();
    var redis = platform.processes().redis();
    int before = archived(platform);
    assertThat(before).isPositive();
    postgres.kill();
    Folders.delete(cluster(platform));
    RedisContents.query(redis.endpoint(), commands -> commands.flushall());
    redis.kill();
    redis.start();
    postgres.start();
    platform.placeOrder();
    return "PostgreSQL had %d orders when it was wiped together with Redis".formatted(before);
  }

  /**
   * First tables cannot grow, which fails transactions; then there is no space for the next segment
   * of its log, which PostgreSQL does not survive. It ends if its recovery needs space, too.
   */
  private static String diskFull(FaultPlatform platform) throws SQLException {
    var disk = platform.postgresDisk();
    var postgres = platform.processes().postgres();
    long failures = logged(platform, LimitedDisk.FULL);
    long panics = logged(platform, "PANIC");
    var orders = new ArrayList<String>();
    // Connected before: PostgreSQL may need space for a new connection.
    try (var connection = connect(platform.processes().database().administrator())) {
      disk.fill();
      orders.add(platform.placeOrder());
      await("a transaction that finds the disk full")
          .atMost(FaultPlatform.TIMEOUT)
          .until(() -> {
            disk.fill();
            return logged(platform, LimitedDisk.FULL) > failures;
          });
      platform.awaitStatus(orders.getLast(), "CONFIRMED");
      switchSegments(connection, disk);
      await("PostgreSQL to give up")
          .atMost(FaultPlatform.TIMEOUT)
          .until(() -> logged(platform, "PANIC") > panics);
      orders.add(platform.placeOrder());
      platform.awaitStatus(orders.getLast(), "CONFIRMED");
    } finally {
      disk.free();
    }
    // A start that began while the disk was full may still fail.
    await("PostgreSQL")
        .atMost(FaultPlatform.TIMEOUT)
        .ignoreException(LaunchException.class)
        .until(() -> {
          postgres.start();
          return true;
        });
    platform.placeOrder();
    return "orders %s were settled while PostgreSQL's disk was full; it logged that %d times, and had to recover"
        .formatted(orders, logged(platform, LimitedDisk.FULL) - failures);
  }

  private static Connection connect(DatabaseEndpoint database) throws SQLException {
    return DriverManager.getConnection(database.url(), database.user(), database.password());
  }

  /** Needs new segments of PostgreSQL's log until it ends the connection. */
  private static void switchSegments(Connection connection, LimitedDisk disk) {
    try (var statement = connection.createStatement()) {
      for (int i = 0; i < SEGMENTS; i++) {
        disk.fill();
        // Only a segment with a record is left: that of this transaction.
        statement.execute("SELECT pg_current_xact_id()");
        statement.execute("SELECT pg_switch_wal()");
      }
    } catch (SQLException ended) {
      return;
    }
    throw new AssertionError("PostgreSQL found space for %d segments".formatted(SEGMENTS));
  }

  private static long logged(FaultPlatform platform, String text) {
    try (var lines = Files.lines(platform.processes().folders().log().resolve("postgres.log"))) {
      return lines.filter(line -> line.contains(text)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its files; the folder above may be a link to another disk. */
  private static Path cluster(FaultPlatform platform) {
    return platform.processes().data("postgres").resolve("cluster");
  }

  private static int archived(FaultPlatform platform) {
    return ArchivedOrders.read(platform.processes().database().endpoint("orders")).orders().size();
  }

  private static void copy(Path from, Path to) {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(
            file,
            to.resolve(from.relativize(file)),
            StandardCopyOption.COPY_ATTRIBUTES,
            LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
