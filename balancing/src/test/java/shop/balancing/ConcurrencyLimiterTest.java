package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shop.balancing.simulation.ServiceTime;
import shop.balancing.simulation.SimulatedInstance;
import shop.balancing.simulation.Simulation;

/**
 * The adaptive limit before a simulated service of 20 workers and 50 ms: it works on 400 requests
 * per second.
 */
class ConcurrencyLimiterTest {

  private static final int WORKERS = 20;
  private static final int CAPACITY = 400;
  private static final int MIN = 10;
  private static final int MAX = 200;
  private static final ServiceTime USUAL = ServiceTime.exponential(Duration.ofMillis(50));

  private final Simulation simulation = new Simulation();
  private final Random random = new Random(1);
  private final ConcurrencyLimiter limiter = limiter(MIN, MAX);
  private final Map<Priority, Integer> sent = new EnumMap<>(Priority.class);
  private final Map<Priority, Integer> shed = new EnumMap<>(Priority.class);
  private SimulatedInstance service = service(WORKERS, USUAL);
  private int lowest = MAX;
  private int highest;
  private int mostInFlight;
  private int arrived;

  @Test
  void healthyServiceIsNeverShed() {
    load(CAPACITY * 0.9, Duration.ofMinutes(10));

    assertThat(shed).isEmpty();
    assertThat(lowest).isEqualTo(MAX);
  }

  @Test
  void limitConvergesNearTheCapacityOfAnOverloadedService() {
    load(CAPACITY * 0.5, Duration.ofMinutes(2));

    load(CAPACITY * 3.0, Duration.ofMinutes(1));
    forget();
    load(CAPACITY * 3.0, Duration.ofMinutes(2));

    assertThat(lowest).isGreaterThanOrEqualTo(WORKERS);
    assertThat(highest).isLessThanOrEqualTo(4 * WORKERS);
    assertThat(admitted()).isGreaterThan(CAPACITY * 120 * 95 / 100);
  }

  @Test
  void limitDoesNotFallBelowTheCapacityWhileTheOldQueueIsAnswered() {
    service.serviceTime(USUAL.times(10));
    load(CAPACITY * 0.05, Duration.ofMinutes(10));

    load(CAPACITY * 0.3, Duration.ofMinutes(1));

    assertThat(lowest).isBetween(WORKERS * 3 / 4, MAX / 2);
  }

  @Test
  void limitDoesNotCreepUpWhileTheOverloadLasts() {
    load(CAPACITY * 0.5, Duration.ofMinutes(2));
    load(CAPACITY * 2.0, Duration.ofMinutes(2));
    forget();
    load(CAPACITY * 2.0, Duration.ofMinutes(5));
    int before = highest;

    load(CAPACITY * 2.0, Duration.ofHours(1));
    forget();
    load(CAPACITY * 2.0, Duration.ofMinutes(5));

    assertThat(highest).isLessThanOrEqualTo(before * 5 / 4);
    assertThat(limiter.status().unloaded()).isLessThan(Duration.ofMillis(60));
  }

  @Test
  void limitRecoversAfterTheServiceWasSlow() {
    load(CAPACITY * 0.5, Duration.ofMinutes(2));
    service.serviceTime(USUAL.times(6));
    load(CAPACITY * 0.5, Duration.ofMinutes(1));
    assertThat(lowest).isLessThan(MAX / 2);
    assertThat(shed).isNotEmpty();

    service.serviceTime(USUAL);
    load(CAPACITY * 0.5, Duration.ofSeconds(30));
    forget();
    load(CAPACITY * 0.5, Duration.ofMinutes(5));

    assertThat(lowest).isEqualTo(MAX);
    assertThat(shed).isEmpty();
  }

  @Test
  void limitRecoversWithAFewRequestsAfterTheServiceHungAndNobodyCame() {
    load(CAPACITY * 0.5, Duration.ofMinutes(2));
    service.hang();
    load(CAPACITY, Duration.ofSeconds(30));
    int hanging = limiter.status().inFlight();
    assertThat(hanging).isGreaterThan(MAX / 2);
    simulation.run(Duration.ofHours(8));
    IntStream.range(0, hanging).forEach(_ -> timedOut(Duration.ofSeconds(25)));
    int afterTheHang = limiter.status().limit();
    assertThat(afterTheHang).isLessThan(MAX);

    service = service(WORKERS, USUAL);
    load(40, Duration.ofMinutes(2));

    assertThat(shed.get(Priority.NORMAL)).isPositive();
    assertThat(limiter.status().inFlight()).isZero();
    assertThat(limiter.status().limit()).isEqualTo(MAX);
  }

  @Test
  void limitStaysWhileNobodyComes() {
    simulation.run(Duration.ofHours(8));
    load(1, Duration.ofMinutes(1));

    assertThat(limiter.status().limit()).isEqualTo(MAX);
  }

  @Test
  void limitFollowsAServiceThatBecomesSlowerWithTime() {
    // given a service that never has a queue, with many requests in flight
    service = service(MAX, USUAL);
    load(CAPACITY, Duration.ofMinutes(2));

    // when its response times become five times as long within 20 minutes, and stay so
    for (int minute = 1; minute <= 20; minute++) {
      service.serviceTime(USUAL.times(1 + minute * 0.2));
      load(CAPACITY, Duration.ofMinutes(1));
    }
    load(CAPACITY, Duration.ofMinutes(20));

    assertThat(mostInFlight).isGreaterThan(MAX / 2);
    assertThat(lowest).isEqualTo(MAX);
    assertThat(shed).isEmpty();
  }

  @Test
  void limitDoesNotStayAtTheMinimumWhenTheServiceIsSlowerForGood() {
    service = service(MAX, USUAL);
    load(CAPACITY, Duration.ofMinutes(2));

    service.serviceTime(USUAL.times(6));
    load(CAPACITY, Duration.ofMinutes(3));
    forget();
    load(CAPACITY, Duration.ofMinutes(5));

    assertThat(lowest).isGreaterThan(MAX / 2);
  }

  @Test
  void outliersDoNotLowerTheLimit() {
    service = service(MAX, random -> USUAL.next(random) * (random.nextInt(100) == 0 ? 50 : 1));

    load(CAPACITY, Duration.ofMinutes(2));
    load(CAPACITY * 4.0, Duration.ofMinutes(5));

    assertThat(mostInFlight).isGreaterThan(MAX / 2);
    assertThat(lowest).isEqualTo(MAX);
  }

  @Test
  void fewSlowRequestsDoNotLowerTheLimit() {
    load(10, Duration.ofMinutes(2));

    service.serviceTime(USUAL.times(40));
    load(10, Duration.ofMinutes(2));

    assertThat(lowest).isEqualTo(MAX);
  }

  @Test
  void limitStaysWithinItsBounds() {
    load(CAPACITY * 0.5, Duration.ofMinutes(2));
    service.serviceTime(USUAL.times(20));
    load(CAPACITY * 5.0, Duration.ofMinutes(5));
    service.serviceTime(USUAL);
    load(CAPACITY * 0.5, Duration.ofMinutes(5));

    assertThat(lowest).isEqualTo(MIN);
    assertThat(highest).isEqualTo(MAX);
  }

  @Test
  void lowPriorityIsShedFirstAndHighLast() {
    load(CAPACITY * 0.5, Duration.ofMinutes(2));
    forget();

    load(CAPACITY * 2.0, Duration.ofMinutes(5), Priority.values());

    assertThat(share(Priority.LOW)).isGreaterThan(0.9);
    assertThat(share(Priority.NORMAL)).isBetween(0.3, 0.8);
    assertThat(share(Priority.HIGH)).isLessThan(0.01);
  }

  @Test
  void neverMoreThanTheLimitAreAdmittedHoweverManyAskAtOnce() throws Exception {
    int threads = 4;
    var few = limiter(1, 1);
    var arrived = new AtomicInteger();
    var admitted = new AtomicInteger();
    var most = new AtomicInteger();
    Callable<Void> asking =
        () -> {
          for (int round = 0; round < 5_000; round++) {
            meet(arrived, (2 * round + 1) * threads);
            boolean isAdmitted = few.tryAcquire(Priority.HIGH);
            if (isAdmitted) {
              most.accumulateAndGet(admitted.incrementAndGet(), Math::max);
            }
            meet(arrived, (2 * round + 2) * threads);
            if (isAdmitted) {
              admitted.decrementAndGet();
              few.release();
            }
          }
          return null;
        };

    try (var executor = Executors.newFixedThreadPool(threads)) {
      for (var done : executor.invokeAll(Collections.nCopies(threads, asking))) {
        done.get();
      }
    }

    assertThat(most).hasValue(1);
    assertThat(few.status().inFlight()).isZero();
  }

  /** Waits until so many have come, so that all go on in the same moment. */
  @SuppressWarnings("ThreadPriorityCheck")
  private static void meet(AtomicInteger arrived, int number) {
    arrived.incrementAndGet();
    while (arrived.get() < number) {
      Thread.yield();
    }
  }

  @Test
  void oneRequestOfEachPriorityPassesTheSmallestLimit() {
    for (var priority : Priority.values()) {
      assertThat(limiter(1, 1).tryAcquire(priority)).isTrue();
    }
  }

  @Test
  void invalidSettingsAreRefused() {
    var time = Duration.ofMillis(1);
    assertThatThrownBy(() -> new ConcurrencyLimiter.Settings(0, 10, time))
        .hasMessage("min is 0.0; allowed are 1.0 to 10.0");
    assertThatThrownBy(() -> new ConcurrencyLimiter.Settings(11, 10, time))
        .hasMessageStartingWith("min is 11");
    assertThatThrownBy(() -> new ConcurrencyLimiter.Settings(1, 2_000_000, time))
        .hasMessageStartingWith("max is");
    assertThatThrownBy(() -> new ConcurrencyLimiter.Settings(1, 10, Duration.ZERO))
        .hasMessageStartingWith("latency is");
  }

  private ConcurrencyLimiter limiter(int min, int max) {
    return new ConcurrencyLimiter(
        new ConcurrencyLimiter.Settings(min, max, Duration.ofMillis(10)), simulation.now());
  }

  private SimulatedInstance service(int workers, ServiceTime time) {
    return new SimulatedInstance(simulation, workers, time, random);
  }

  /** Requests that come for some time; of each priority in rotation. */
  private void load(double perSecond, Duration time, Priority... priorities) {
    long end = simulation.now() + time.toNanos();
    arrive(perSecond, end, priorities.length == 0 ? new Priority[] {Priority.NORMAL} : priorities);
    simulation.run(time);
  }

  private void arrive(double perSecond, long end, Priority[] priorities) {
    long gap = (long) (random.nextExponential() * Duration.ofSeconds(1).toNanos() / perSecond);
    if (simulation.now() + gap < end) {
      simulation.in(
          gap,
          () -> {
            request(priorities[arrived++ % priorities.length]);
            arrive(perSecond, end, priorities);
          });
    }
  }

  private void request(Priority priority) {
    sent.merge(priority, 1, Integer::sum);
    if (!limiter.tryAcquire(priority)) {
      shed.merge(priority, 1, Integer::sum);
      return;
    }
    mostInFlight = Math.max(mostInFlight, limiter.status().inFlight());
    long begun = simulation.now();
    service.serve(_ -> {
      limiter.responded(simulation.now() - begun, simulation.now());
      limiter.release();
      int limit = limiter.status().limit();
      lowest = Math.min(lowest, limit);
      highest = Math.max(highest, limit);
    });
  }

  private void timedOut(Duration time) {
    simulation.run(Duration.ofMillis(10));
    limiter.notResponded(time.toNanos(), simulation.now());
    limiter.release();
  }

  /** Forgets what was counted so far. */
  private void forget() {
    sent.clear();
    shed.clear();
    lowest = limiter.status().limit();
    highest = lowest;
  }

  private int admitted() {
    return sent.values().stream().mapToInt(Integer::intValue).sum()
        - shed.values().stream().mapToInt(Integer::intValue).sum();
  }

  private double share(Priority priority) {
    return (double) shed.getOrDefault(priority, 0) / sent.get(priority);
  }
}
