package shop.bench.desk;

import static shop.bench.platform.Figures.percentile;
import static shop.bench.platform.Figures.text;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import shop.bench.platform.Arguments;
import shop.bench.platform.BenchPlatform;
import shop.bench.platform.Polling;

/**
 * Measures the dead-letter desk with Kafka and PostgreSQL as the only other processes: the latency
 * of pages and searches among 100,000 entries, and how closely a bulk redrive of 10,000 keeps its
 * rate.
 */
public final class DeskBench {

  private static final String DESK = "operations-service";
  private static final int WARM_UP = 1_000;
  private static final int BULK = 10_000;
  private static final long WINDOW_MILLIS = 5_000;
  private static final Duration TIMEOUT = Duration.ofMinutes(4);
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

  private final BenchPlatform platform;
  private final DeskAdmin admin;

  private DeskBench(BenchPlatform platform, DeskAdmin admin) {
    this.platform = platform;
    this.admin = admin;
  }

  /** Arguments: {@code --entries N}, {@code --rate N}. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, GeneralSecurityException {
    var given = new Arguments(arguments);
    int entries = given.number("entries", 100_000, 13_000, 1_000_000);
    int rate = given.number("rate", 500, 10, 1_000);
    given.requireNoOthers();
    var folder = Path.of(System.getenv().getOrDefault("SHOP_LOCAL", ".local"), "bench", "desk");
    try (var admin = new DeskAdmin();
        var platform = new BenchPlatform(folder)) {
      new DeskBench(platform, admin).measure(entries, rate);
    }
  }

  private void measure(int entries, int rate) throws IOException, InterruptedException {
    // Creates the topics.
    start();
    platform.stop(DESK);
    var deadLetters = new DeadLetters(platform.kafka());
    List<String> orders = deadLetters.append(entries);
    long begun = System.nanoTime();
    start();
    print(
        text(
            "%,d entries: ready after %.1f s, %d MB resident",
            entries, (System.nanoTime() - begun) / 1e9, platform.memory(DESK)));
    var queries = new DeskQueries(entries);
    measure("warm-up", queries.pages(10));
    measure("pages", queries.pages(30));
    measure("deep pages", DeskQueries.deep(admin, Math.min(200, entries / 200)));
    for (var texts : queries.texts(orders).entrySet()) {
      measure("text: " + texts.getKey(), texts.getValue());
    }
    print(text("%d MB resident", platform.memory(DESK)));
    bulk(deadLetters, rate);
  }

  private void start() throws IOException {
    var environment = new HashMap<>(platform.database("operations"));
    environment.put("JWKS_URI", admin.jwksUri());
    admin.connect(platform.start(DESK, 160, environment));
  }

  private void measure(String name, List<String> paths) throws IOException, InterruptedException {
    double[] millis = new double[paths.size()];
    long cpu = platform.cpu().getOrDefault(DESK, 0L);
    String slowest = "";
    double max = 0;
    int items = 0;
    for (int i = 0; i < millis.length; i++) {
      long begun = System.nanoTime();
      var page = admin.get(paths.get(i));
      millis[i] = (System.nanoTime() - begun) / 1e6;
      items += page.at("/items").size();
      if (millis[i] > max) {
        max = millis[i];
        slowest = paths.get(i);
      }
    }
    print(
        text(
            "%-30s %4d requests: p50 %.1f, p99 %.1f, max %.1f ms; CPU %.1f ms; %d items; slowest %s",
            name,
            millis.length,
            percentile(millis, 0.5),
            percentile(millis, 0.99),
            max,
            (double) (platform.cpu().getOrDefault(DESK, 0L) - cpu) / millis.length,
            items,
            slowest));
  }

  /**
   * Measures a bulk redrive. A small redrive runs first, because a new broker's first transactions
   * are slow.
   */
  private void bulk(DeadLetters deadLetters, int rate) throws IOException, InterruptedException {
    redrive(deadLetters, rate, 0, WARM_UP);
    long[] times = redrive(deadLetters, rate, WARM_UP, BULK);
    double seconds = (times[times.length - 1] - times[0]) / 1000.0;
    double overall = (times.length - 1) / seconds;
    long[] windows = windows(times);
    print(
        text(
            "bulk redrive: %,d in %.2f s, %.1f/s at a configured rate of %d/s (%+.1f %%);"
                + " in windows of 5 s: %s/s",
            times.length,
            seconds,
            overall,
            rate,
            100 * (overall / rate - 1),
            Arrays.stream(windows)
                .mapToObj(count -> Long.toString(count * 1000 / WINDOW_MILLIS))
                .collect(Collectors.joining(", "))));
  }

  /**
   * Redrives the {@code count} oldest open entries and returns the sorted times of their redrives,
   * without the {@code before} earlier ones. The topics are not read while the redrive should be
   * running.
   */
  private long[] redrive(DeadLetters deadLetters, int rate, int before, int count)
      throws IOException, InterruptedException {
    var filter = Map.of("to", DeadLetters.before(before + count).toString());
    var job = admin.post("/admin/dlq/retries", Map.of("filter", filter, "ratePerSecond", rate));
    TimeUnit.SECONDS.sleep(count / rate);
    var times = new AtomicReference<>(new long[0]);
    Polling.await(
        TIMEOUT,
        POLL_INTERVAL,
        () -> {
          times.set(deadLetters.redrives());
          return times.get().length >= before + count;
        },
        () -> "Only %d redrives of %s were published".formatted(times.get().length, job));
    return Arrays.copyOfRange(times.get(), before, times.get().length);
  }

  /** The number of redrives in each complete window, starting at the first redrive. */
  private static long[] windows(long[] times) {
    int count = (int) ((times[times.length - 1] - times[0]) / WINDOW_MILLIS);
    long[] windows = new long[count];
    for (long time : times) {
      int window = (int) ((time - times[0]) / WINDOW_MILLIS);
      if (window < count) {
        windows[window]++;
      }
    }
    return windows;
  }

  private static void print(String text) {
    System.out.println(text);
  }
}
