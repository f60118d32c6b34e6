package shop.e2e.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shop.e2e.faults.ClientHistory.RequestResult;
import shop.e2e.faults.Invariants.Violation;
import shop.local.os.Folders;

/**
 * One run: load, faults in an order determined by the seed, removal of all faults, drain, and check
 * of the invariants.
 */
final class FaultRun {

  private static final Duration DRAIN_TIMEOUT = Duration.ofMinutes(3);
  private static final Duration REDRIVE_INTERVAL = Duration.ofSeconds(15);
  private static final int CLIENTS = 6;
  private static final int WARM_UP_ORDERS = 10;

  private static final Pattern ID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private final long seed;
  private final Duration time;
  private final List<Fault> plan;
  private final FaultPlatform platform;
  private final List<String> injected = new ArrayList<>();
  private final TreeSet<Integer> numbers = new TreeSet<>();

  private FaultRun(long seed, Duration time, List<Fault> plan, FaultPlatform platform) {
    this.seed = seed;
    this.time = time;
    this.plan = plan;
    this.platform = platform;
  }

  /**
   * Injects the faults of a plan repeatedly until the time has passed; if the time is zero, each
   * fault once. A full disk is left out where it cannot be had.
   *
   * @throws AssertionError with the seed, the first violated invariant and the order's history
   */
  static void run(long seed, Duration time, int instances, List<Fault> plan) {
    var folder = Path.of("target/faults");
    Folders.delete(folder.resolve("data"));
    var disk =
        plan.contains(DatabaseFaults.DISK_FULL)
            ? LimitedDisk.mount(folder.resolve("data"), "postgres")
            : Optional.<LimitedDisk>empty();
    var possible = new ArrayList<>(plan);
    if (disk.isEmpty() && possible.remove(DatabaseFaults.DISK_FULL)) {
      print(
          "fault %s is left out: it needs Linux, and root or user namespaces"
              .formatted(DatabaseFaults.DISK_FULL));
    }
    try (var platform = FaultPlatform.open(folder, instances, seed, disk)) {
      new FaultRun(seed, time, possible, platform).run();
    } catch (Throwable failure) {
      System.out.println(
          "The run with seed " + seed + " failed; its logs are in e2e/target/faults.");
      throw failure;
    }
  }

  private void run() {
    var began = Instant.now();
    try (var load = new Load(platform)) {
      load.start(CLIENTS, seed);
      awaitOrders(WARM_UP_ORDERS);
      var end = Instant.now().plus(time);
      var random = new SplittableRandom(seed);
      do {
        for (var fault : shuffled(random)) {
          if (time.isZero() || Instant.now().isBefore(end)) {
            inject(fault);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(2000)));
          }
        }
      } while (Instant.now().isBefore(end));
    }
    platform.heal();
    var state = awaitInvariants();
    checkRebuild();
    report(state, Duration.between(began, Instant.now()));
  }

  private void awaitOrders(int count) {
    await()
        .atMost(FaultPlatform.TIMEOUT)
        .until(() -> platform.history().accepted().size() >= count);
  }

  private List<Fault> shuffled(SplittableRandom random) {
    var left = new ArrayList<>(plan);
    var order = new ArrayList<Fault>();
    while (!left.isEmpty()) {
      order.add(left.remove(random.nextInt(left.size())));
    }
    return order;
  }

  private void inject(Fault fault) {
    var began = Instant.now();
    print("fault %s …".formatted(fault));
    try {
      String evidence = fault.injection().inject(platform);
      platform.recover();
      injected.add("(%d) %s".formatted(fault.number(), evidence));
      numbers.add(fault.number());
      print("  %.0f s: %s".formatted(seconds(began), evidence));
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          "Seed %d: fault %s failed or did not take effect".formatted(seed, fault), failure);
    }
  }

  /** Retries all failed dead letters of a service, as an admin would after an outage. */
  private void redriveFailed(String service) {
    String bulk = "{\"filter\":{\"service\":\"%s\"},\"ratePerSecond\":50}".formatted(service);
    await("the bulk retry of " + service)
        .atMost(FaultPlatform.TIMEOUT)
        .pollInterval(Duration.ofSeconds(1))
        .pollDelay(Duration.ZERO)
        .until(
            () -> platform.admin().post("bulk retry", "", "bulk", "/admin/dlq/retries", bulk),
            response -> response.result() == RequestResult.OK);
  }

  /**
   * Waits until no invariant is violated, and meanwhile redrives dead letters that failed again.
   */
  private ObservedState awaitInvariants() {
    var end = Instant.now().plus(DRAIN_TIMEOUT);
    var redrive = Instant.now();
    while (true) {
      if (!Instant.now().isBefore(redrive)) {
        ObservedState.BLOCKING_SERVICES.forEach(this::redriveFailed);
        redrive = Instant.now().plus(REDRIVE_INTERVAL);
      }
      List<Violation> violations;
      try {
        var state = new ObservedState(platform);
        violations = Invariants.check(state, platform.history());
        if (violations.isEmpty()) {
          return state;
        }
      } catch (AssertionError unavailable) {
        violations = List.of(new Violation("I3", "", String.valueOf(unavailable.getMessage())));
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(failureMessage(violations));
      }
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
  }

  private String failureMessage(List<Violation> violations) {
    var first = violations.getFirst();
    return "Seed %d: %d violations.\n%s\n\n%s\n\nFurther violations:\n%s"
        .formatted(
            seed,
            violations.size(),
            first,
            first.orderId().isEmpty() ? "" : historyOf(first.orderId()),
            violations.stream().skip(1).limit(20).map(Violation::toString).collect(lines()));
  }

  /** All requests, records and transfers of an order, in chronological order. */
  private String historyOf(String orderId) {
    var log =
        Stream.of("order-commands", "orders", "payments", "dead-letters", "dead-letter-actions")
            .flatMap(topic -> platform.log().read(topic).stream())
            .filter(record ->
                record.key().contains(orderId)
                    || record.headers().getOrDefault("ce_subject", "").equals(orderId))
            .map(KafkaLog.LogRecord::toString);
    var psp =
        platform.sandbox().ledger().all().stream()
            .filter(transfer -> transfer.orderId().equals(orderId))
            .map(transfer -> transfer.at() + " PSP " + transfer);
    return Stream.of(platform.history().of(orderId).stream(), log, psp)
        .flatMap(lines -> lines)
        .sorted()
        .collect(lines());
  }

  private void checkRebuild() {
    var redis = platform.processes().redis().endpoint();
    var live = RedisContents.all(redis);
    var liveOrders = RedisContents.orders(redis);
    String epoch = RedisContents.query(redis, commands -> commands.get("epoch"));
    platform.admin().post("rebuild", "", "rebuild", "/admin/orders/projection/rebuilds", "");
    await("Redis to be rebuilt")
        .atMost(FaultPlatform.TIMEOUT)
        .until(() -> {
          String now = RedisContents.query(redis, commands -> commands.get("epoch"));
          return now != null && !now.equals(epoch);
        });
    var rebuild =
        new RebuildComparison(
            live, liveOrders, RedisContents.all(redis), RedisContents.orders(redis));
    var archived = ArchivedOrders.read(platform.processes().database().endpoint("orders"));
    var differences = rebuild.differences(archived);
    if (!differences.isEmpty()) {
      throw new AssertionError(
          "Seed %d: I6: the rebuilt Redis differs from the live one:\n%s"
              .formatted(
                  seed,
                  differences.stream()
                      .limit(3)
                      .map(difference -> difference + "\n" + historyOfAll(difference))
                      .collect(lines())));
    }
  }

  /** The histories of all orders whose ids a text contains. */
  private String historyOfAll(String text) {
    return ID.matcher(text).results().map(id -> historyOf(id.group())).collect(lines());
  }

  private void report(ObservedState state, Duration took) {
    var history = platform.history();
    String row =
        "| %d | %d min %02d s | %d | %d | %d | %s | %d | %d | %d |"
            .formatted(
                seed,
                took.toMinutes(),
                took.toSecondsPart(),
                history.size(),
                history.unknownResults(),
                state.orders.size(),
                numbers.stream().map(String::valueOf).collect(Collectors.joining(" ")),
                injected.size(),
                state.openDeadLetters.size(),
                Invariants.duplicateMails(state));
    print(
        "seed | took | requests | unknown | orders | faults | injected | open dead letters | duplicate mails\n"
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

  private static void print(String line) {
    System.out.println("[faults] " + line);
  }
}
