package shop.bench.desk;

import static shop.bench.platform.Figures.percentile;
import static shop.bench.platform.Figures.text;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import shop.bench.platform.BenchPlatform;

/**
 * Asks the dead-letter desk, with Kafka and nothing else: how long pages and searches take among
 * 100,000 entries, and how well a bulk redrive of 10,000 keeps its rate.
 */
public final class DeskBench {

  private static final String DESK = "operations-service";
  private static final int AHEAD = 1_000;
  private static final int BULK = 10_000;
  private static final long WINDOW = 5_000;
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private final BenchPlatform stage;
  private final Admin admin;

  private DeskBench(BenchPlatform stage, Admin admin) {
    this.stage = stage;
    this.admin = admin;
  }

  /** Arguments: {@code --entries N}, {@code --rate N}. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, GeneralSecurityException {
    int entries = 100_000;
    int rate = 500;
    for (int i = 0; i < arguments.length; i += 2) {
      int number = i + 1 < arguments.length ? Integer.parseInt(arguments[i + 1]) : 0;
      switch (arguments[i]) {
        case "--entries" -> entries = number;
        case "--rate" -> rate = number;
        default -> throw new IllegalArgumentException("There is no option " + arguments[i]);
      }
    }
    if (entries < 13_000 || entries > 1_000_000 || rate < 10 || rate > 1_000) {
      throw new IllegalArgumentException("--entries takes 13000 to 1000000, --rate 10 to 1000");
    }
    var folder = Path.of(System.getenv().getOrDefault("SHOP_LOCAL", ".local"), "bench", "desk");
    try (var admin = new Admin();
        var stage = new BenchPlatform(folder)) {
      new DeskBench(stage, admin).measure(entries, rate);
    }
  }

  private void measure(int entries, int rate) throws IOException, InterruptedException {
    // Makes the topics.
    start();
    stage.stop(DESK);
    var letters = new DeadLetters(stage.kafka());
    List<String> orders = letters.append(entries);
    long begun = System.nanoTime();
    start();
    say(
        text(
            "%,d entries: ready after %.1f s, %d MB resident",
            entries, (System.nanoTime() - begun) / 1e9, stage.memory(DESK)));
    var questions = new DeskQueries(entries);
    ask("warm-up", questions.pages(10));
    ask("pages", questions.pages(30));
    ask("deep pages", DeskQueries.deep(admin, Math.min(200, entries / 200)));
    for (var texts : questions.texts(orders).entrySet()) {
      ask("text: " + texts.getKey(), texts.getValue());
    }
    say(text("%d MB resident", stage.memory(DESK)));
    bulk(letters, rate);
  }

  private void start() throws IOException {
    admin.visit(stage.start(DESK, 160, Map.of("JWKS_URI", admin.jwksUri())));
  }

  private void ask(String what, List<String> paths) throws IOException, InterruptedException {
    double[] millis = new double[paths.size()];
    long cpu = stage.cpu().getOrDefault(DESK, 0L);
    String slowest = "";
    double most = 0;
    int found = 0;
    for (int i = 0; i < millis.length; i++) {
      long begun = System.nanoTime();
      var page = admin.get(paths.get(i));
      millis[i] = (System.nanoTime() - begun) / 1e6;
      found += page.at("/items").size();
      if (millis[i] > most) {
        most = millis[i];
        slowest = paths.get(i);
      }
    }
    say(
        text(
            "%-30s %4d asked: p50 %.1f, p99 %.1f, max %.1f ms; CPU %.1f ms; %d items; slowest %s",
            what,
            millis.length,
            percentile(millis, 0.5),
            percentile(millis, 0.99),
            most,
            (double) (stage.cpu().getOrDefault(DESK, 0L) - cpu) / millis.length,
            found,
            slowest));
  }

  /**
   * The first one of a broker's life waits for its first transactions, so a small one goes ahead.
   */
  private void bulk(DeadLetters letters, int rate) throws IOException, InterruptedException {
    redrive(letters, rate, 0, AHEAD);
    long[] times = redrive(letters, rate, AHEAD, BULK);
    double seconds = (times[times.length - 1] - times[0]) / 1000.0;
    double overall = (times.length - 1) / seconds;
    long[] windows = windows(times);
    say(
        text(
            "bulk redrive: %,d in %.2f s, %.1f/s where %d were asked for (%+.1f %%);"
                + " by windows of 5 s: %s/s",
            times.length,
            seconds,
            overall,
            rate,
            100 * (overall / rate - 1),
            Arrays.stream(windows)
                .mapToObj(count -> Long.toString(count * 1000 / WINDOW))
                .collect(Collectors.joining(", "))));
  }

  /**
   * When each of so many was sent back, the oldest that wait after those that were sent before;
   * nothing is read while they should be.
   */
  private long[] redrive(DeadLetters letters, int rate, int before, int count)
      throws IOException, InterruptedException {
    var filter = Map.of("to", DeadLetters.before(before + count).toString());
    var job = admin.post("/admin/dlq/retries", Map.of("filter", filter, "ratePerSecond", rate));
    long deadline = System.nanoTime() + LIMIT.toNanos();
    TimeUnit.SECONDS.sleep(count / rate);
    long[] times = letters.redrives();
    while (times.length < before + count) {
      if (System.nanoTime() > deadline) {
        throw new IOException("Not all of %s was sent: %d".formatted(job, times.length));
      }
      TimeUnit.SECONDS.sleep(2);
      times = letters.redrives();
    }
    return Arrays.copyOfRange(times, before, times.length);
  }

  /** How many were written in each whole window from the first on. */
  private static long[] windows(long[] times) {
    int count = (int) ((times[times.length - 1] - times[0]) / WINDOW);
    long[] windows = new long[count];
    for (long time : times) {
      int window = (int) ((time - times[0]) / WINDOW);
      if (window < count) {
        windows[window]++;
      }
    }
    return windows;
  }

  private static void say(String text) {
    System.out.println(text);
  }
}
