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
import shop.e2e.faults.ClientHistory.Result;

/** Kafka, and services that die over it. */
final class LogFaults {

  static final List<Fault> ALL =
      List.of(
          new Fault(
              1,
              "order-service is killed between Kafka's acknowledgement and the 201",
              LogFaults::killedBeforeTheAnswer),
          new Fault(2, "Kafka's response is lost", LogFaults::lostResponse),
          new Fault(8, "poison bytes", LogFaults::poison),
          new Fault(9, "a dead letter cannot be published", LogFaults::deadLetterRefused),
          new Fault(16, "Kafka is killed and started again", LogFaults::kafkaKilled),
          new Fault(17, "one process after the other is killed", LogFaults::oneAfterTheOther));

  /** Bytes; more than a transaction's marker, without which Kafka itself would be stuck. */
  private static final int LESS_THAN_A_DEAD_LETTER = 200;

  private static final int KILLS = 3;

  private LogFaults() {}

  private static String killedBeforeTheAnswer(FaultPlatform stage) {
    String key = UUID.randomUUID().toString();
    String id = stage.customer().orderId(key);
    stage.kafkaProxy().loseAnswers();
    var answer =
        CompletableFuture.supplyAsync(() -> stage.customer().tryPlace(key, FaultPlatform.ORDER));
    awaitCommand(stage, id);
    stage.killAll("order-service");
    stage.kafkaProxy().heal();
    assertThat(answer.join().result()).isEqualTo(Result.UNKNOWN);
    stage.recover();
    stage.placed(key);
    return "the command of order %s was in the log when order-service was killed; its client was answered %s and asked again"
        .formatted(id, answer.join().status());
  }

  private static String lostResponse(FaultPlatform stage) {
    String key = UUID.randomUUID().toString();
    String id = stage.customer().orderId(key);
    stage.kafkaProxy().loseAnswers();
    var answer =
        CompletableFuture.supplyAsync(() -> stage.customer().tryPlace(key, FaultPlatform.ORDER));
    awaitCommand(stage, id);
    assertThat(answer).isNotDone();
    long lost = stage.kafkaProxy().lostBytes();
    assertThat(lost).isPositive();
    stage.kafkaProxy().heal();
    stage.placed(key);
    return "the command of order %s was in the log and its client had no answer; %d bytes of Kafka's answers were lost, then the client was answered %s"
        .formatted(id, lost, answer.join().status());
  }

  private static void awaitCommand(FaultPlatform stage, String id) {
    await("the command of " + id)
        .atMost(FaultPlatform.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> stage.log().typesOf("order-commands", id).contains("shop.order.place.v1"));
  }

  private static String poison(FaultPlatform stage) {
    String poison = "poison " + UUID.randomUUID();
    List.of("orders", "payments", "order-commands")
        .forEach(topic -> stage.log().poison(topic, poison));
    await("six dead letters")
        .atMost(FaultPlatform.PATIENCE)
        .until(() -> Desk.deadLettersWith(stage, poison).size() >= 6);
    return "unreadable bytes on orders, payments and order-commands became the dead letters "
        + Desk.deadLettersWith(stage, poison);
  }

  private static String deadLetterRefused(FaultPlatform stage) {
    String poison = "poison " + UUID.randomUUID();
    stage.log().limitMessages("dead-letters", LESS_THAN_A_DEAD_LETTER);
    var place = stage.log().poison("orders", poison);
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
    var positions = positions(stage, place.partition());
    assertThat(Desk.deadLettersWith(stage, poison)).isEmpty();
    assertThat(positions.values()).allMatch(position -> position <= place.offset());
    stage.log().limitMessages("dead-letters", null);
    stage.recover();
    await("four dead letters")
        .atMost(FaultPlatform.PATIENCE)
        .until(() -> Desk.deadLettersWith(stage, poison).size() == 4);
    await("all readers to go on")
        .atMost(FaultPlatform.PATIENCE)
        .until(() ->
            positions(stage, place.partition()).values().stream()
                .allMatch(position -> position > place.offset()));
    return "for 5 s dead-letters refused every message, and no reader had gone past %s: %s; then it was written, and all went on"
        .formatted(place, positions);
  }

  /** Where each group goes on in a partition of orders: three say it to Kafka, one to Redis. */
  private static Map<String, Long> positions(FaultPlatform stage, TopicPartition partition) {
    var positions =
        stage
            .log()
            .committed(
                partition, List.of("payment-service", "notification-service", "analytics-service"));
    String field = partition.topic() + ":" + partition.partition();
    @Nullable String applied =
        RedisContents.ask(
            stage.platform().redis().endpoint(), redis -> redis.hget("positions", field));
    positions.put("order-view", applied == null ? 0L : Long.parseLong(applied));
    return positions;
  }

  private static String kafkaKilled(FaultPlatform stage) {
    long before = stage.platform().kafka().pid();
    stage.platform().kafka().kill();
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
    stage.platform().kafka().start();
    long after = stage.platform().kafka().pid();
    assertThat(after).isNotEqualTo(before);
    stage.awaitStatus(stage.placed(), "CONFIRMED");
    return "process %d was killed, %d took over its files".formatted(before, after);
  }

  private static String oneAfterTheOther(FaultPlatform stage) {
    var random = stage.random();
    var killed = new StringBuilder();
    for (int i = 0; i < KILLS; i++) {
      var next = Instant.now().plusSeconds(20 + random.nextInt(6));
      String service = FaultPlatform.SERVICES.get(random.nextInt(FaultPlatform.SERVICES.size()));
      int number = random.nextInt(stage.instances());
      stage.platform().kill(service, number);
      killed.append(killed.isEmpty() ? "" : ", ").append(service).append(' ').append(number + 1);
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
      stage.recover();
      LockSupport.parkUntil(next.toEpochMilli());
    }
    return "killed: " + killed;
  }
}
