package shop.bench.orders;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import tools.jackson.databind.JsonNode;

/**
 * Lets order-service fill Redis anew from the log, and measures how fast events are applied while
 * it does.
 */
public final class Rebuild {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final Duration GIVE_UP = Duration.ofMinutes(10);

  private Rebuild() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var shop = new Shop(System.getenv());
    long events = events(OrderLog.brokers(System.getenv()));
    shop.askForRebuild();
    long asked = System.nanoTime();
    awaitPhase(shop, asked, false);
    var replay = new Replay();
    JsonNode report = shop.projection();
    while (!report.get("phase").asString().equals("OPEN")) {
      replay.look(report.get("applied").asLong());
      if (System.nanoTime() - asked > GIVE_UP.toNanos()) {
        throw new IOException("Redis is still " + report.get("phase") + " after " + GIVE_UP);
      }
      Thread.sleep(BETWEEN_LOOKS);
      report = shop.projection();
    }
    replay.print(events);
    System.out.printf("orders are taken again %.1f s after the wipe%n", seconds(asked));
  }

  private static void awaitPhase(Shop shop, long asked, boolean open)
      throws IOException, InterruptedException {
    while (shop.projection().get("phase").asString().equals("OPEN") != open) {
      if (System.nanoTime() - asked > GIVE_UP.toNanos()) {
        throw new IOException("Nobody began to fill Redis");
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  /** How many events of orders are committed. */
  private static long events(String kafka) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(OrderLog.TOPIC).stream()
              .map(info -> new TopicPartition(OrderLog.TOPIC, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      long events = 0;
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        events += consumer.poll(Duration.ofMillis(200)).count();
      }
      return events;
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /**
   * From the first look at a rebuild to the last one that saw more applied than the one before it.
   * The service may open later: it waits for orders that may still land.
   */
  private static final class Replay {
    private long first = -1;
    private long began;
    private long last;
    private long ended;

    void look(long applied) {
      if (first < 0 || applied < last) {
        // The first look, or the picture of before the wipe.
        first = applied;
        began = System.nanoTime();
        ended = began;
      } else if (applied > last) {
        ended = System.nanoTime();
      }
      last = applied;
    }

    /** Of the log's positions some are no records, but marks of transactions. */
    void print(long events) {
      if (ended == began) {
        System.out.println("Too few events to see how fast they are applied");
        return;
      }
      double took = (ended - began) / 1e9;
      double share = (double) (last - first) / last;
      System.out.printf(
          "%,.0f of %,d events in %.1f s: %,.0f events/s%n",
          share * events, events, took, share * events / took);
    }
  }
}
