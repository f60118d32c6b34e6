package shop.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import shop.local.broker.RedisEndpoint;

/** Faults of Redis and RabbitMQ. */
final class StoreFaults {

  static final List<Fault> ALL =
      List.of(
          new Fault(13, "Redis is emptied and killed", StoreFaults::redisEmptiedAndKilled),
          new Fault(
              14,
              "RabbitMQ cannot route a message and is killed before its confirm",
              StoreFaults::rabbit),
          new Fault(15, "a notification that always fails", StoreFaults::alwaysFailing),
          new Fault(20, "Redis loses its last seconds", StoreFaults::redisLosesLastSeconds));

  private static final String MAIL_QUEUE = "notifications.email";

  private StoreFaults() {}

  private static String redisEmptiedAndKilled(FaultPlatform platform) {
    var redis = platform.processes().redis();
    long keys = RedisContents.query(redis.endpoint(), commands -> commands.dbsize());
    RedisContents.query(redis.endpoint(), commands -> commands.flushall());
    var sessions = platform.processes().sessionsRedis();
    RedisContents.query(sessions.endpoint(), commands -> commands.flushall());
    long remaining = RedisContents.query(redis.endpoint(), commands -> commands.dbsize());
    assertThat(remaining).isLessThan(keys / 2);
    platform.placeOrder();
    String before = run(redis.endpoint());
    redis.kill();
    sessions.kill();
    redis.start();
    sessions.start();
    String after = run(redis.endpoint());
    assertThat(after).isNotEqualTo(before);
    platform.placeOrder();
    return "of %d keys %d remained; then Redis run %s was followed by run %s"
        .formatted(keys, remaining, before.substring(0, 8), after.substring(0, 8));
  }

  private static String run(RedisEndpoint redis) {
    return RedisContents.query(redis, commands -> commands.info("server"))
        .lines()
        .filter(line -> line.startsWith("run_id:"))
        .findFirst()
        .orElseThrow()
        .substring("run_id:".length());
  }

  private static String redisLosesLastSeconds(FaultPlatform platform) throws IOException {
    var redis = platform.processes().redis();
    Path file = platform.processes().data("redis").resolve("appendonly.aof");
    Path copy = file.resolveSibling("some-seconds-ago.aof");
    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    long copied = Files.size(copy);
    for (int i = 0; i < 3; i++) {
      platform.placeOrder();
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
    redis.kill();
    long lost = Files.size(file) - copied;
    assertThat(lost).isPositive();
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    redis.start();
    platform.placeOrder();
    return "Redis was restarted without the last %d bytes of its append-only file".formatted(lost);
  }

  private static String rabbit(FaultPlatform platform) throws IOException, TimeoutException {
    String unroutable = "has no queue " + MAIL_QUEUE;
    long unroutableBefore = logged(platform, unroutable);
    unbind(platform);
    platform.placeOrder();
    await("an unroutable message")
        .atMost(FaultPlatform.TIMEOUT)
        .until(() -> logged(platform, unroutable) > unroutableBefore);

    var rabbit = platform.processes().rabbit();
    rabbit.freeze();
    long unconfirmedBefore = unconfirmed(platform);
    var orders = IntStream.range(0, 3).mapToObj(_ -> platform.placeOrder()).toList();
    orders.forEach(id -> platform.awaitStatus(id, "CONFIRMED"));
    await("a message without a confirm")
        .atMost(FaultPlatform.TIMEOUT)
        .until(() -> unconfirmed(platform) > unconfirmedBefore);
    rabbit.kill();
    long mails =
        platform.processes().mails().stream()
            .filter(
                mail -> orders.stream().anyMatch(id -> mail.text().contains(id.substring(0, 8))))
            .count();
    assertThat(mails).isZero();
    rabbit.start();
    return "a message was returned as unroutable and its queue was bound again; the messages about %d orders had no confirm when RabbitMQ was killed"
        .formatted(orders.size());
  }

  /**
   * Failed attempts to queue messages: on an open channel the confirm is missing, on a cold
   * platform the channel or connection for it cannot be opened, and after a pause the number of
   * waiting tasks, which is asked for first, is not answered.
   */
  private static long unconfirmed(FaultPlatform platform) {
    return logged(platform, "RabbitMQ did not confirm within")
        + logged(platform, "Publishing to RabbitMQ failed")
        + logged(platform, "RabbitMQ does not say how many tasks");
  }

  private static void unbind(FaultPlatform platform) throws IOException, TimeoutException {
    var endpoint = platform.processes().rabbit().endpoint();
    var factory = new ConnectionFactory();
    factory.setHost(endpoint.host());
    factory.setPort(endpoint.port());
    factory.setUsername(endpoint.user());
    factory.setPassword(endpoint.password());
    try (var connection = factory.newConnection();
        var channel = connection.createChannel()) {
      channel.queueUnbind(MAIL_QUEUE, "notifications", MAIL_QUEUE);
    }
  }

  private static long logged(FaultPlatform platform, String text) {
    return IntStream.range(0, platform.instances())
        .mapToLong(number -> {
          try (var lines = Files.lines(platform.processes().log("notification-service", number))) {
            return lines.filter(line -> line.contains(text)).count();
          } catch (IOException e) {
            return 0;
          }
        })
        .sum();
  }

  private static String alwaysFailing(FaultPlatform platform) {
    var unreachable = platform.newClient("c-" + UUID.randomUUID() + "@refused.test");
    String key = UUID.randomUUID().toString();
    unreachable.place(key, FaultPlatform.ORDER, () -> true);
    String id = unreachable.orderId(key);
    var deadLetter = DeskClient.awaitOpenEntry(platform, "notification-service", id);
    platform.awaitStatus(platform.placeOrder(), "CONFIRMED");
    return "the mail server rejected the mail about order %s, which became dead letter %s after %d attempts"
        .formatted(id, deadLetter.get("id").asString(), deadLetter.get("attempts").asInt());
  }
}
