package shop.bench.notices;

import static shop.bench.platform.Figures.text;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import shop.bench.platform.BenchPlatform;
import shop.bench.platform.Figures;
import shop.bench.platform.Polling;
import shop.local.broker.MailServer;
import shop.local.broker.RabbitBroker;
import shop.local.os.Ports;

/**
 * Measures the CPU time per order of one notification-service with Kafka, RabbitMQ, PostgreSQL and
 * a mail server: orders are placed and confirmed at a constant rate and cause two mails each.
 */
public final class Notices {

  private static final String SERVICE = "notification-service";
  private static final int MAILS = 2;
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  private Notices() {}

  /** Arguments: orders per second, seconds per run, runs, 1 to record the CPU time. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rate = number(arguments, 0, 200);
    int seconds = number(arguments, 1, 20);
    int runs = number(arguments, 2, 3);
    var folder = Path.of(System.getenv().getOrDefault("SHOP_LOCAL", ".local"), "bench", "notices");
    try (var platform = new BenchPlatform(folder)) {
      var rabbit =
          new RabbitBroker(platform.folder("rabbitmq"), Ports.freeBlock(RabbitBroker.PORTS));
      var mail = new MailServer(platform.folder("mail"), Ports.freeBlock(1), Ports.freeBlock(1));
      try {
        rabbit.start();
        mail.start();
        var queue = rabbit.endpoint();
        var environment = new HashMap<>(platform.database("notification"));
        environment.putAll(
            Map.of(
                "RABBITMQ_HOST", queue.host(),
                "RABBITMQ_PORT", Integer.toString(queue.port()),
                "RABBITMQ_USER", queue.user(),
                "RABBITMQ_PASSWORD", queue.password(),
                "SMTP_HOST", mail.endpoint().host(),
                "SMTP_PORT", Integer.toString(mail.endpoint().port())));
        platform.start(SERVICE, 256, environment);
        try (var orders = new NoticeLoad(platform.kafka())) {
          orders.register();
          run(platform, orders, "warm-up", rate, 2 * seconds);
          if (number(arguments, 3, 0) == 1) {
            platform.record(SERVICE);
          }
          for (int i = 0; i < runs; i++) {
            run(platform, orders, "run", rate, seconds);
          }
        }
      } finally {
        platform.stop(SERVICE);
        mail.stop();
        rabbit.stop();
      }
    }
  }

  private static void run(
      BenchPlatform platform, NoticeLoad orders, String name, int rate, int seconds)
      throws IOException, InterruptedException {
    SortedMap<String, Long> cpu = platform.cpu();
    long before = orders.published();
    long start = System.nanoTime();
    int count = orders.steadily(rate, seconds);
    Polling.await(
        TIMEOUT,
        POLL_INTERVAL,
        () -> orders.published() - before >= (long) count * MAILS,
        () -> "Only %d notifications were published".formatted(orders.published() - before));
    System.out.println(
        text(
            "%s: %,d orders at %d/s, all notifications published after %.1f s; CPU-ms per order: %s",
            name,
            count,
            rate,
            (System.nanoTime() - start) / 1e9,
            Figures.cpu(cpu, platform.cpu(), count)));
  }

  private static int number(String[] arguments, int index, int defaultValue) {
    return index < arguments.length ? Integer.parseInt(arguments[index]) : defaultValue;
  }
}
