package shop.sandbox.fault;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.sandbox.SandboxSettings;
import shop.sandbox.fault.FaultRule.Call;

/**
 * The faults that are switched on. Each rule draws from a generator of its own, seeded by the
 * plan's seed and the rule's place, so the n-th matching call of a rule meets the same fate in
 * every run.
 */
@Component
public final class Faults {

  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

  private final Duration defaultHold;
  private volatile Active active = new Active(new Plan(0L, List.of()));

  Faults(SandboxSettings settings) {
    this.defaultHold = settings.hold();
  }

  /** What {@code PUT /sandbox/faults} takes. */
  public record Plan(@Nullable Long seed, @Nullable List<FaultRule> rules) {}

  /** A rule, how many calls it matched and how many of these it struck. */
  public record Seen(FaultRule rule, long matched, long fired) {}

  /** What {@code GET /sandbox/faults} answers. */
  public record State(long seed, List<Seen> rules) {}

  /** What befalls a call before any work is done. */
  public sealed interface Before {
    /** 429. */
    record RateLimited() implements Before {}

    /** 503. */
    record Down() implements Before {}

    /** 409. */
    record Conflicting() implements Before {}

    /** The connection goes. */
    record Reset() implements Before {}
  }

  /** What befalls a call whose work is prepared. */
  public sealed interface AtWork {
    /** 500 instead of the work. */
    record FailInstead() implements AtWork {}

    /** The work, then 500. */
    record FailAfter() implements AtWork {}

    /** The work, then no answer: run the silence, then close. */
    record NoAnswer(Runnable silence) implements AtWork {}
  }

  void replace(Plan plan) {
    var before = active;
    active = new Active(plan);
    before.over.countDown();
  }

  State state() {
    return active.state();
  }

  /** Waits as long as the call shall be late, or until other faults are switched on. */
  public void delay(Call call) {
    var plan = active;
    var latency =
        plan.rules.stream()
            .filter(r -> r.rule.kind() == FaultKind.LATENCY && r.strikes(call))
            .map(r -> r.rule.latency())
            .reduce(Duration.ZERO, Duration::plus);
    plan.pause(latency);
  }

  /** The first fault that keeps the call from being worked on. */
  public Optional<Before> before(Call call) {
    return active
        .first(call, k -> !k.strikesAtWork() && k != FaultKind.LATENCY)
        .map(rule ->
            switch (rule.kind()) {
              case RATE_LIMIT -> new Before.RateLimited();
              case CONFLICT -> new Before.Conflicting();
              case DOWN -> rule.isReset() ? new Before.Reset() : new Before.Down();
              case CONNECTION_RESET -> new Before.Reset();
              case null, default -> throw new IllegalStateException("not before: " + rule);
            });
  }

  /** The first fault that strikes around the work. */
  public Optional<AtWork> atWork(Call call) {
    var plan = active;
    return plan.first(call, FaultKind::strikesAtWork)
        .map(rule -> {
          if (rule.kind() == FaultKind.TIMEOUT_AFTER_CAPTURE) {
            var hold = rule.hold() == null ? defaultHold : rule.hold();
            return new AtWork.NoAnswer(() -> plan.pause(hold));
          }
          return rule.isAfter() ? new AtWork.FailAfter() : new AtWork.FailInstead();
        });
  }

  private static final class Active {
    final long seed;
    final List<Counted> rules;
    final CountDownLatch over = new CountDownLatch(1);

    Active(Plan plan) {
      this.seed = plan.seed() == null ? 0L : plan.seed();
      List<FaultRule> given = plan.rules() == null ? List.of() : plan.rules();
      this.rules =
          IntStream.range(0, given.size())
              .mapToObj(i -> new Counted(given.get(i), new SplittableRandom(31 * seed + i)))
              .toList();
    }

    Optional<FaultRule> first(Call call, Predicate<FaultKind> kinds) {
      return rules.stream()
          .filter(r -> r.rule.kind() != null && kinds.test(r.rule.kind()))
          .filter(r -> r.strikes(call))
          .map(r -> r.rule)
          .findFirst();
    }

    void pause(Duration time) {
      try {
        if (time.isPositive() && over.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.debug("a wait was cut short by other faults");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    State state() {
      return new State(seed, rules.stream().map(Counted::seen).toList());
    }
  }

  private static final class Counted {
    final FaultRule rule;
    private final RandomGenerator random;
    private long matched;
    private long fired;

    Counted(FaultRule rule, RandomGenerator random) {
      this.rule = rule;
      this.random = random;
    }

    synchronized boolean strikes(Call call) {
      if (!rule.matches(call)) {
        return false;
      }
      matched++;
      double draw = random.nextDouble();
      if (rule.times() != null && fired >= rule.times()) {
        return false;
      }
      boolean strikes = rule.share() == null || draw < rule.share();
      if (strikes) {
        fired++;
      }
      return strikes;
    }

    synchronized Seen seen() {
      return new Seen(rule, matched, fired);
    }
  }
}
