package shop.analytics.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import shop.analytics.AnalyticsApplication;
import shop.analytics.BucketSize;
import shop.analytics.OrdersTopic;
import shop.analytics.OrdersTopic.Recount;
import shop.analytics.ServiceTest;
import shop.analytics.board.Board;
import shop.common.testkit.TestTokens;
import shop.local.broker.Brokers;
import shop.local.os.JavaCommand;

/** Figures equal a recount of the topic, also after restarts and kills. */
@Tag("slow")
class RecountTest extends ServiceTest {

  private static final Instant FIRST = Instant.parse("2024-05-01T00:00:00Z");
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @Autowired private Board board;
  @Autowired private CountingStreams counting;
  @TempDir private Path folder;

  @AfterEach
  void restart() {
    if (!counting.isRunning()) {
      counting.start();
    }
  }

  @Test
  void figuresEqualARecountAfterRestarts() throws Exception {
    var random = new Random(7);
    try (var topic = new OrdersTopic()) {
      for (int restart = 0; restart < 3; restart++) {
        append(topic, 400, random);
        topic.flush();
        counting.stop();
        append(topic, 400, random);
        counting.start();
      }
      topic.flush();
    }

    assertThatFiguresEqualARecount();
  }

  @Test
  void figuresEqualARecountAfterAKill() throws Exception {
    await().atMost(TIMEOUT).until(counting::isWorking);
    counting.stop();
    var random = new Random(11);
    try (var topic = new OrdersTopic()) {
      long before = placedOnTheBoard();
      Process other = anotherInstance();
      try {
        // Appends few orders at a time until the instance counts, so that the kill interrupts the
        // large batch.
        await()
            .atMost(TIMEOUT)
            .pollInterval(Duration.ofMillis(100))
            .until(() -> {
              append(topic, 5, random);
              return placedOnTheBoard() > before;
            });
        append(topic, 2000, random);
      } finally {
        other.destroyForcibly().waitFor();
      }
      counting.start();
      append(topic, 100, random);
      topic.flush();
    }

    assertThatFiguresEqualARecount();
  }

  private static void append(OrdersTopic topic, int orders, RandomGenerator random) {
    for (int order = 0; order < orders; order++) {
      OrdersTopic.order(FIRST, random).forEach(topic::append);
    }
  }

  private void assertThatFiguresEqualARecount() {
    var recount = OrdersTopic.recount();
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(onTheBoard()).isEqualTo(recount));
  }

  private long placedOnTheBoard() {
    return onTheBoard().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("day/"))
        .mapToLong(entry -> entry.getValue().placed())
        .sum();
  }

  private Map<String, Recount> onTheBoard() {
    var all = new TreeMap<String, Recount>();
    for (var size : BucketSize.values()) {
      board
          .between(size, Instant.MIN, Instant.MAX, Integer.MAX_VALUE)
          .forEach(one -> all.put(size.at(one.start()).key(), Recount.of(one.figures())));
    }
    return all;
  }

  /** The service in a separate process with its own state directory. */
  private Process anotherInstance() throws IOException {
    var builder =
        new ProcessBuilder(
            JavaCommand.withMaxHeap(160)
                .quickCompiler()
                .mainClass(JavaCommand.ownClassPath(), AnalyticsApplication.class.getName()));
    // The test classpath includes springdoc, which the service does not have.
    builder.environment().put("SPRINGDOC_APIDOCS_ENABLED", "false");
    builder
        .environment()
        .putAll(
            Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                Brokers.kafka(),
                "KAFKA_REPLICATION_FACTOR",
                "1",
                "KAFKA_MIN_INSYNC_REPLICAS",
                "1",
                "JWKS_URI",
                TestTokens.jwksUri(),
                "PORT",
                "0",
                "STATE_DIR",
                folder.resolve("state").toString()));
    return builder
        .redirectErrorStream(true)
        .redirectOutput(new File("target/another-instance.topic"))
        .start();
  }
}
