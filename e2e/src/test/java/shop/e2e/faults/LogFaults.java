package shop.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import shop.e2e.faults.ClientHistory.RequestResult;

/** Faults of Kafka and killed services. */
final class LogFaults {

  static final List<Fault> ALL =
      List.of(
          new Fault(
              1,
              "order-service is killed after Kafka's acknowledgement and before the 201",
              LogFaults::killedBeforeTheResponse),
          new Fault(2, "Kafka's responses are lost", LogFaults::lostResponse),
          new Fault(8, "poison records", LogFaults::poison),
          new Fault(9, "a dead letter cannot be published", LogFaults::deadLetterRejected),
          new Fault(16, "Kafka is killed and restarted", LogFaults::kafkaKilled),
          new Fault(
              17, "several processes are killed one after the other", LogFaults::oneAfterTheOther));

  /** Bytes; larger than a transaction marker, which Kafka itself must be able to write. */
  private static final int BELOW_DEAD_LETTER_SIZE = 200;

  private static final int KILLS = 3;

  private LogFaults() {}

  private static String killedBeforeTheResponse(FaultPlatform platform) {
    String key = UUID.randomUUID().toString();
    String id = platform.customer().orderId(key);
    platform.kafkaProxy().dropResponses();
    var response =
        CompletableFuture.supplyAsync(() -> platform.customer().tryPlace(key, FaultPlatform.ORDER));
    awaitCommand(platform, id);
    platform.killAll("order-service");
    platform.kafkaProxy().heal();
    assertThat(response.join().result()).isEqualTo(RequestResult.UNKNOWN);
    platform.recover();
    platform.placeOrder(key);
    return "the command of order %s was in the log when order-service was killed; its client received status %s and retried"
        .formatted(id, response.join().status());
  }

  private static String lostResponse(FaultPlatform platform) {
    String key = UUID.randomUUID().toString();
    String id = platform.customer().orderId(key);
    platform.kafkaProxy().dropResponses();
    var response =
        CompletableFuture.supplyAsync(() -> platform.customer().tryPlace(key, FaultPlatform.ORDER));
    awaitCommand(platform, id);
    assertThat(response).isNotDone();
    long dropped = platform.kafkaProxy().droppedBytes();
    assertThat(dropped).isPositive();
    platform.kafkaProxy().heal();
    platform.placeOrder(key);
    return "the command of order %s was in the log while its client waited; %d bytes of Kafka's responses were dropped, then the client received status %s"
        .formatted(id, dropped, response.join().status());
  }

  private static void awaitCommand(FaultPlatform platform, String id) {
    await("the command of " + id)
        .atMost(FaultPlatform.TIMEOUT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> platform.log().typesOf("order-commands", id).contains("shop.order.place.v1"));
  }

  private static String poison(FaultPlatform platform) {
    String poison = "poison " + UUID.randomUUID();
    List.of("orders", "payments", "order-commands")
        .forEach(topic -> platform.log().poison(topic, poison));
    await("six dead letters")
        .atMost(FaultPlatform.TIMEOUT)
        .until(() -> DeskClient.deadLettersWith(platform, poison).size() >= 6);
    return "invalid bytes in orders, payments and order-commands were dead-lettered by "
        + DeskClient.deadLettersWith(platform, poison);
  }

  private static String deadLetterRejected(FaultPlatform platform) {
    String poison = "poison " + UUID.randomUUID();
    platform.log().limitMessages("dead-letters", BELOW_DEAD_LETTER_SIZE);
    var poisoned = platform.log().poison("orders", poison);
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
    var positions = positions(platform, poisoned.partition());
    assertThat(DeskClient.deadLettersWith(platform, poison)).isEmpty();
    assertThat(positions.values()).allMatch(position -> position <= poisoned.offset());
    platform.log().limitMessages("dead-letters", null);
    platform.recover();
    await("four dead letters")
        .atMost(FaultPlatform.TIMEOUT)
        .until(() -> DeskClient.deadLettersWith(platform, poison).size() == 4);
    await("all consumers to continue")
        .atMost(FaultPlatform.TIMEOUT)
        .until(() ->
            positions(platform, poisoned.partition()).values().stream()
                .allMatch(position -> position > poisoned.offset()));
    return "for 5 s dead-letters rejected every record, and no consumer passed %s: %s; then the dead letters were written and all consumers continued"
        .formatted(poisoned, positions);
  }

  /**
   * The position of each group in a partition of orders: three commit it to Kafka, one stores it in
   * Redis.
   */
  private static Map<String, Long> positions(FaultPlatform platform, TopicPartition partition) {
    var positions =
        platform
            .log()
            .committed(
                partition, List.of("payment-service", "notification-service", "analytics-service"));
    String field = partition.topic() + ":" + partition.partition();
    @Nullable String applied =
        RedisContents.query(
            platform.processes().redis().endpoint(), redis -> redis.hget("positions", field));
    positions.put("order-view", applied == null ? 0L : Long.parseLong(applied));
    return positions;
  }

  private static String kafkaKilled(FaultPlatform platform) {
    long before = platform.processes().kafka().pid();
    platform.processes().kafka().kill();
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
    platform.processes().kafka().start();
    long after = platform.processes().kafka().pid();
    assertThat(after).isNotEqualTo(before);
    platform.awaitStatus(platform.placeOrder(), "CONFIRMED");
    return "process %d was killed, process %d continued with its files".formatted(before, after);
  }

  private static String oneAfterTheOther(FaultPlatform platform) {
    var random = platform.random();
    var killed = new StringBuilder();
    for (int i = 0; i < KILLS; i++) {
      var next = Instant.now().plusSeconds(20 + random.nextInt(6));
      String service = FaultPlatform.SERVICES.get(random.nextInt(FaultPlatform.SERVICES.size()));
      int number = random.nextInt(platform.instances());
      platform.processes().kill(service, number);
      killed.append(killed.isEmpty() ? "" : ", ").append(service).append(' ').append(number + 1);
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
      platform.recover();
      LockSupport.parkUntil(next.toEpochMilli());
    }
    return "killed: " + killed;
  }
}
