package shop.bench.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import shop.bench.platform.TopicTail;

/** Ships the orders that are confirmed meanwhile, as an admin: paid orders stay in Redis. */
final class Shipping implements AutoCloseable {

  private static final String CONFIRMED = "shop.order.confirmed.v1";
  private static final int WORKERS = 16;

  /** Shorter than the life of an access token (15 min). */
  private static final Duration TOKEN_USE = Duration.ofMinutes(8);

  private final Shop shop;
  private final BlockingQueue<String> confirmed = new LinkedBlockingQueue<>();
  private final AtomicLong found = new AtomicLong();
  private final AtomicLong shipped = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();
  private final List<Thread> workers = new ArrayList<>();
  private final TopicTail tail;
  private volatile boolean open = true;
  private String token = "";
  private Instant tokenUntil = Instant.MIN;

  Shipping(Shop shop, String bootstrapServers) {
    this.shop = shop;
    for (int i = 0; i < WORKERS; i++) {
      workers.add(Thread.ofVirtual().start(this::work));
    }
    tail =
        new TopicTail(
            bootstrapServers,
            OrderLog.TOPIC,
            Map.of("isolation.level", "read_committed"),
            this::read);
  }

  private void read(ConsumerRecords<byte[], byte[]> records) {
    records.forEach(record -> {
      if (new String(record.headers().lastHeader("ce_type").value(), UTF_8).equals(CONFIRMED)) {
        found.incrementAndGet();
        confirmed.add(new String(record.key(), UTF_8));
      }
    });
  }

  private void work() {
    try {
      while (open) {
        @Nullable String order = confirmed.poll(200, TimeUnit.MILLISECONDS);
        while (order != null && open && !ship(order)) {
          repeated.incrementAndGet();
          TimeUnit.SECONDS.sleep(1);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean ship(String order) throws InterruptedException {
    try {
      int status = shop.ship(order, token());
      if (status == 201) {
        shipped.incrementAndGet();
      }
      return status == 201;
    } catch (IOException e) {
      System.err.println("Order " + order + " is shipped later: " + e.getMessage());
      return false;
    }
  }

  private synchronized String token() throws IOException, InterruptedException {
    if (Instant.now().isAfter(tokenUntil)) {
      token = shop.adminToken();
      tokenUntil = Instant.now().plus(TOKEN_USE);
    }
    return token;
  }

  /** Waits until all confirmed orders are shipped, at most for a time; returns how many are. */
  String await(Duration timeout) throws InterruptedException {
    Instant end = Instant.now().plus(timeout);
    while (shipped.get() < found.get() && Instant.now().isBefore(end)) {
      tail.requireReading();
      TimeUnit.MILLISECONDS.sleep(200);
    }
    return "Shipped %,d of %,d confirmed orders; %,d requests were repeated"
        .formatted(shipped.get(), found.get(), repeated.get());
  }

  @Override
  public void close() {
    open = false;
    tail.close();
    workers.forEach(Thread::interrupt);
  }
}
