package shop.bench.notices;

import static shop.bench.platform.Figures.text;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import shop.bench.platform.BenchPlatform;
import shop.bench.platform.Figures;
import shop.local.broker.MailServer;
import shop.local.broker.RabbitBroker;
import shop.local.os.Ports;

/**
 * Orders that are placed and confirmed at a steady rate, two mails each, with one
 * notification-service, Kafka, RabbitMQ and a mail server: the CPU time an order costs.
 */
public final class Notices {

  private static final String SERVICE = "notification-service";
  private static final int MAILS = 2;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Notices() {}

  /** Arguments: orders a second, seconds of a run, runs, 1 to record the CPU time. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rate = number(arguments, 0, 200);
    int seconds = number(arguments, 1, 20);
    int runs = number(arguments, 2, 3);
    var folder = Path.of(System.getenv().getOrDefault("SHOP_LOCAL", ".local"), "bench", "notices");
    try (var stage = new BenchPlatform(folder)) {
      var rabbit = new RabbitBroker(stage.folder("rabbitmq"), Ports.freeBlock(RabbitBroker.PORTS));
      var mail = new MailServer(stage.folder("mail"), Ports.freeBlock(1), Ports.freeBlock(1));
      try {
        rabbit.start();
        mail.start();
        var queue = rabbit.endpoint();
        stage.start(
            SERVICE,
            256,
            Map.of(
                "RABBITMQ_HOST", queue.host(),
                "RABBITMQ_PORT", Integer.toString(queue.port()),
                "RABBITMQ_USER", queue.user(),
                "RABBITMQ_PASSWORD", queue.password(),
                "SMTP_HOST", mail.endpoint().host(),
                "SMTP_PORT", Integer.toString(mail.endpoint().port())));
        try (var orders = new NoticeLoad(stage.kafka())) {
          orders.register();
          run(stage, orders, "warm-up", rate, 2 * seconds);
          if (number(arguments, 3, 0) == 1) {
            stage.record(SERVICE);
          }
          for (int i = 0; i < runs; i++) {
            run(stage, orders, "run", rate, seconds);
          }
        }
      } finally {
        stage.stop(SERVICE);
        mail.stop();
        rabbit.stop();
      }
    }
  }

  private static void run(
      BenchPlatform stage, NoticeLoad orders, String what, int rate, int seconds)
      throws InterruptedException {
    SortedMap<String, Long> cpu = stage.cpu();
    long told = orders.told();
    long start = System.nanoTime();
    int count = orders.steadily(rate, seconds);
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (orders.told() - told < (long) count * MAILS) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Told %d".formatted(orders.told() - told));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    System.out.println(
        text(
            "%s: %,d orders at %d/s, all told after %.1f s; CPU-ms an order: %s",
            what,
            count,
            rate,
            (System.nanoTime() - start) / 1e9,
            Figures.cpu(cpu, stage.cpu(), count)));
  }

  private static int number(String[] arguments, int place, int usual) {
    return place < arguments.length ? Integer.parseInt(arguments[place]) : usual;
  }
}
