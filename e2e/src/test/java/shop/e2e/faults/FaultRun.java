package shop.e2e.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shop.e2e.faults.ClientHistory.Result;
import shop.e2e.faults.Invariants.Violation;
import shop.local.os.Folders;

/** One run: load, faults in the order that the seed gives, healing, the drain, and the check. */
final class FaultRun {

  private static final Duration DRAIN = Duration.ofMinutes(3);
  private static final Duration REDRIVE_AGAIN = Duration.ofSeconds(15);
  private static final int CLIENTS = 6;
  private static final int WARM = 10;

  private static final Pattern ID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private final long seed;
  private final Duration time;
  private final List<Fault> plan;
  private final FaultPlatform stage;
  private final List<String> struck = new ArrayList<>();
  private final TreeSet<Integer> numbers = new TreeSet<>();

  private FaultRun(long seed, Duration time, List<Fault> plan, FaultPlatform stage) {
    this.seed = seed;
    this.time = time;
    this.plan = plan;
    this.stage = stage;
  }

  /**
   * Runs the faults of a plan over and over until the time is up, each at least once if the time is
   * zero.
   *
   * @throws AssertionError naming the seed, the first violated invariant and the order's history
   */
  static void run(long seed, Duration time, int instances, List<Fault> plan) {
    var folder = Path.of("target/faults");
    Folders.delete(folder.resolve("data"));
    try (var stage = FaultPlatform.open(folder, instances, seed)) {
      new FaultRun(seed, time, plan, stage).run();
    } catch (Throwable failure) {
      System.out.println("The seed of this run is " + seed + "; logs are in e2e/target/faults.");
      throw failure;
    }
  }

  private void run() {
    var began = Instant.now();
    try (var load = new Load(stage)) {
      load.start(CLIENTS, seed);
      awaitOrders(WARM);
      var end = Instant.now().plus(time);
      var random = new SplittableRandom(seed);
      do {
        for (var fault : shuffled(random)) {
          if (time.isZero() || Instant.now().isBefore(end)) {
            strike(fault);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(2000)));
          }
        }
      } while (Instant.now().isBefore(end));
    }
    stage.heal();
    var world = drained();
    sameAfterRebuild();
    report(world, Duration.between(began, Instant.now()));
  }

  private void awaitOrders(int count) {
    await().atMost(FaultPlatform.PATIENCE).until(() -> stage.history().accepted().size() >= count);
  }

  private List<Fault> shuffled(SplittableRandom random) {
    var left = new ArrayList<>(plan);
    var order = new ArrayList<Fault>();
    while (!left.isEmpty()) {
      order.add(left.remove(random.nextInt(left.size())));
    }
    return order;
  }

  private void strike(Fault fault) {
    var began = Instant.now();
    say("fault %s …".formatted(fault));
    try {
      String seen = fault.strike().at(stage);
      stage.recover();
      struck.add("(%d) %s".formatted(fault.number(), seen));
      numbers.add(fault.number());
      say("  %.0f s: %s".formatted(seconds(began), seen));
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          "Seed %d: fault %s did not go as planned".formatted(seed, fault), failure);
    }
  }

  /** What an admin would do once the PSP is well again. */
  private void redriveWhatFailed(String service) {
    String bulk = "{\"filter\":{\"service\":\"%s\"},\"ratePerSecond\":50}".formatted(service);
    await("the bulk retry of " + service)
        .atMost(FaultPlatform.PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .pollDelay(Duration.ZERO)
        .until(
            () -> stage.admin().post("bulk retry", "", "bulk", "/admin/dlq/retries", bulk),
            answer -> answer.result() == Result.OK);
  }

  /** Waits until nothing is violated any more, and sends back meanwhile what failed again. */
  private ObservedState drained() {
    var end = Instant.now().plus(DRAIN);
    var redrive = Instant.now();
    while (true) {
      if (!Instant.now().isBefore(redrive)) {
        ObservedState.MONEY.forEach(this::redriveWhatFailed);
        redrive = Instant.now().plus(REDRIVE_AGAIN);
      }
      List<Violation> violations;
      try {
        var world = new ObservedState(stage);
        violations = Invariants.violated(world, stage.history());
        if (violations.isEmpty()) {
          return world;
        }
      } catch (AssertionError notYet) {
        violations = List.of(new Violation("I3", "", String.valueOf(notYet.getMessage())));
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(lost(violations));
      }
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
  }

  private String lost(List<Violation> violations) {
    var first = violations.getFirst();
    return "Seed %d: %d violations.\n%s\n\n%s\n\nThe others:\n%s"
        .formatted(
            seed,
            violations.size(),
            first,
            first.orderId().isEmpty() ? "" : historyOf(first.orderId()),
            violations.stream().skip(1).limit(20).map(Violation::toString).collect(lines()));
  }

  /** All that anybody said about an order, in the order in which it was said. */
  private String historyOf(String orderId) {
    var log =
        Stream.of("order-commands", "orders", "payments", "dead-letters", "dead-letter-actions")
            .flatMap(topic -> stage.log().read(topic).stream())
            .filter(entry ->
                entry.key().contains(orderId)
                    || entry.headers().getOrDefault("ce_subject", "").equals(orderId))
            .map(Log.Entry::toString);
    var psp =
        stage.psp().ledger().all().stream()
            .filter(line -> line.orderId().equals(orderId))
            .map(line -> line.at() + " PSP " + line);
    return Stream.of(stage.history().of(orderId).stream(), log, psp)
        .flatMap(lines -> lines)
        .sorted()
        .collect(lines());
  }

  private void sameAfterRebuild() {
    var redis = stage.platform().redis().endpoint();
    var live = RedisContents.all(redis);
    String epoch = RedisContents.ask(redis, commands -> commands.get("epoch"));
    stage.admin().post("rebuild", "", "rebuild", "/admin/orders/projection/rebuilds", "");
    await("Redis to be rebuilt")
        .atMost(FaultPlatform.PATIENCE)
        .until(() -> {
          String now = RedisContents.ask(redis, commands -> commands.get("epoch"));
          return now != null && !now.equals(epoch);
        });
    var rebuilt = RedisContents.all(redis);
    if (!rebuilt.equals(live)) {
      var keys = new TreeSet<>(live.keySet());
      keys.addAll(rebuilt.keySet());
      throw new AssertionError(
          "Seed %d: I6 Redis rebuilt is not Redis live:\n%s"
              .formatted(
                  seed,
                  keys.stream()
                      .filter(key -> !String.valueOf(live.get(key)).equals(rebuilt.get(key)))
                      .limit(3)
                      .map(key ->
                          "%s\n  live    %s\n  rebuilt %s\n%s"
                              .formatted(key, live.get(key), rebuilt.get(key), historyOfAll(key)))
                      .collect(lines())));
    }
  }

  /** The histories of all orders that a key names. */
  private String historyOfAll(String key) {
    return ID.matcher(key).results().map(id -> historyOf(id.group())).collect(lines());
  }

  private void report(ObservedState world, Duration took) {
    var history = stage.history();
    String row =
        "| %d | %d min %02d s | %d | %d | %d | %s | %d | %d | %d |"
            .formatted(
                seed,
                took.toMinutes(),
                took.toSecondsPart(),
                history.size(),
                history.unknown(),
                world.orders.size(),
                numbers.stream().map(String::valueOf).collect(Collectors.joining(" ")),
                struck.size(),
                world.openLetters.size(),
                Invariants.duplicateMails(world));
    say(
        "seed | took | requests | unknown | orders | faults | struck | open dead letters | mails twice\n"
            + row);
    try {
      Files.writeString(Path.of("target/faults/seed-" + seed + ".md"), row + "\n");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static double seconds(Instant began) {
    return Duration.between(began, Instant.now()).toMillis() / 1000.0;
  }

  private static java.util.stream.Collector<CharSequence, ?, String> lines() {
    return Collectors.joining("\n");
  }

  private static void say(String line) {
    System.out.println("[faults] " + line);
  }
}
