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

/** Redis and RabbitMQ. */
final class StoreFaults {

  static final List<Fault> ALL =
      List.of(
          new Fault(13, "Redis is emptied, and killed", StoreFaults::redisEmptiedAndKilled),
          new Fault(
              14,
              "RabbitMQ cannot route a message, and is killed before its confirm",
              StoreFaults::rabbit),
          new Fault(15, "a notification that always fails", StoreFaults::alwaysFailing),
          new Fault(20, "Redis is rewound by some seconds", StoreFaults::redisRewound));

  private static final String MAIL_QUEUE = "notifications.email";

  private StoreFaults() {}

  private static String redisEmptiedAndKilled(FaultPlatform stage) {
    var redis = stage.platform().redis();
    long keys = RedisContents.ask(redis.endpoint(), commands -> commands.dbsize());
    RedisContents.ask(redis.endpoint(), commands -> commands.flushall());
    long left = RedisContents.ask(redis.endpoint(), commands -> commands.dbsize());
    assertThat(left).isLessThan(keys / 2);
    stage.placed();
    String before = run(redis.endpoint());
    redis.kill();
    redis.start();
    String after = run(redis.endpoint());
    assertThat(after).isNotEqualTo(before);
    stage.placed();
    return "of %d keys %d were left; then run %s was followed by %s"
        .formatted(keys, left, before.substring(0, 8), after.substring(0, 8));
  }

  private static String run(RedisEndpoint redis) {
    return RedisContents.ask(redis, commands -> commands.info("server"))
        .lines()
        .filter(line -> line.startsWith("run_id:"))
        .findFirst()
        .orElseThrow()
        .substring("run_id:".length());
  }

  private static String redisRewound(FaultPlatform stage) throws IOException {
    var redis = stage.platform().redis();
    Path file = stage.platform().data("redis").resolve("appendonly.aof");
    Path copy = file.resolveSibling("some-seconds-ago.aof");
    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    long then = Files.size(copy);
    for (int i = 0; i < 3; i++) {
      stage.placed();
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
    redis.kill();
    long lost = Files.size(file) - then;
    assertThat(lost).isPositive();
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    redis.start();
    stage.placed();
    return "Redis was started again without the last %d bytes that it had written".formatted(lost);
  }

  private static String rabbit(FaultPlatform stage) throws IOException, TimeoutException {
    String complaint = "has no queue " + MAIL_QUEUE;
    long complaints = logged(stage, complaint);
    unbind(stage);
    stage.placed();
    await("an unroutable message")
        .atMost(FaultPlatform.PATIENCE)
        .until(() -> logged(stage, complaint) > complaints);

    String silence = "RabbitMQ did not confirm within";
    long silences = logged(stage, silence);
    var rabbit = stage.platform().rabbit();
    rabbit.freeze();
    var orders = IntStream.range(0, 3).mapToObj(_ -> stage.placed()).toList();
    orders.forEach(id -> stage.awaitStatus(id, "CONFIRMED"));
    await("a message without a confirm")
        .atMost(FaultPlatform.PATIENCE)
        .until(() -> logged(stage, silence) > silences);
    rabbit.kill();
    long mails =
        stage.platform().mails().stream()
            .filter(
                mail -> orders.stream().anyMatch(id -> mail.text().contains(id.substring(0, 8))))
            .count();
    assertThat(mails).isZero();
    rabbit.start();
    return "a message came back unroutable and its queue was bound again; what was sent about %d orders had no confirm when RabbitMQ was killed"
        .formatted(orders.size());
  }

  private static void unbind(FaultPlatform stage) throws IOException, TimeoutException {
    var endpoint = stage.platform().rabbit().endpoint();
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

  private static long logged(FaultPlatform stage, String text) {
    return IntStream.range(0, stage.instances())
        .mapToLong(number -> {
          try (var lines = Files.lines(stage.platform().log("notification-service", number))) {
            return lines.filter(line -> line.contains(text)).count();
          } catch (IOException e) {
            return 0;
          }
        })
        .sum();
  }

  private static String alwaysFailing(FaultPlatform stage) {
    var unreachable = stage.shopper("c-" + UUID.randomUUID() + "@refused.test");
    String key = UUID.randomUUID().toString();
    unreachable.place(key, FaultPlatform.ORDER, () -> true);
    String id = unreachable.orderId(key);
    var letter = Desk.awaitOpen(stage, "notification-service", id);
    stage.awaitStatus(stage.placed(), "CONFIRMED");
    return "the mail server refused %s until it became the dead letter %s after %d attempts"
        .formatted(id, letter.get("id").asString(), letter.get("attempts").asInt());
  }
}
