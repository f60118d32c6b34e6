package shop.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import shop.local.os.Folders;

/** Faults of PostgreSQL. */
final class DatabaseFaults {

  static final List<Fault> ALL =
      List.of(
          new Fault(21, "PostgreSQL is killed", DatabaseFaults::killed),
          new Fault(22, "PostgreSQL is restored from an older copy", DatabaseFaults::restored),
          new Fault(23, "PostgreSQL and Redis are wiped", DatabaseFaults::wipedWithRedis));

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
    Path data = platform.processes().data("postgres");
    Path copy = data.resolveSibling("postgres-copy");
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
    Folders.delete(platform.processes().data("postgres"));
    RedisContents.query(redis.endpoint(), commands -> commands.flushall());
    redis.kill();
    redis.start();
    postgres.start();
    platform.placeOrder();
    return "PostgreSQL had %d orders when it was wiped together with Redis".formatted(before);
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
