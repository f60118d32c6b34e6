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
 * The active faults. Each rule has its own random generator, seeded with the plan's seed and the
 * rule's index, so the n-th matching call of a rule has the same result in every run.
 */
@Component
public final class Faults {

  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

  private final Duration defaultHold;
  private volatile ActivePlan active = new ActivePlan(new Plan(0L, List.of()));

  Faults(SandboxSettings settings) {
    this.defaultHold = settings.hold();
  }

  /** The request body of {@code PUT /sandbox/faults}. */
  public record Plan(@Nullable Long seed, @Nullable List<FaultRule> rules) {}

  /** A rule, the number of calls it matched and the number of faults it injected. */
  public record RuleState(FaultRule rule, long matched, long fired) {}

  /** The response body of {@code GET /sandbox/faults}. */
  public record State(long seed, List<RuleState> rules) {}

  /** A fault that rejects a call before the operation is executed. */
  public sealed interface Rejection {
    /** 429. */
    record RateLimited() implements Rejection {}

    /** 503. */
    record Down() implements Rejection {}

    /** 409. */
    record KeyConflict() implements Rejection {}

    /** The connection is reset. */
    record Reset() implements Rejection {}
  }

  /** A fault during the execution of an operation. */
  public sealed interface ExecutionFault {
    /** 500 instead of the operation. */
    record ErrorInstead() implements ExecutionFault {}

    /** The operation is performed, then 500. */
    record ErrorAfter() implements ExecutionFault {}

    /**
     * The operation is performed, then no response: run {@code hold}, then close the connection.
     */
    record NoResponse(Runnable hold) implements ExecutionFault {}
  }

  void replace(Plan plan) {
    var previous = active;
    active = new ActivePlan(plan);
    previous.replaced.countDown();
  }

  State state() {
    return active.state();
  }

  /** Waits for the latency of all matching rules, or until the plan is replaced. */
  public void delay(Call call) {
    var plan = active;
    var latency =
        plan.rules.stream()
            .filter(r -> r.rule.kind() == FaultKind.LATENCY && r.fires(call))
            .map(r -> r.rule.latency())
            .reduce(Duration.ZERO, Duration::plus);
    plan.pause(latency);
  }

  /** The first fault that rejects the call. */
  public Optional<Rejection> rejection(Call call) {
    return active
        .first(call, k -> !k.isExecutionFault() && k != FaultKind.LATENCY)
        .map(rule ->
            switch (rule.kind()) {
              case RATE_LIMIT -> new Rejection.RateLimited();
              case CONFLICT -> new Rejection.KeyConflict();
              case DOWN -> rule.isReset() ? new Rejection.Reset() : new Rejection.Down();
              case CONNECTION_RESET -> new Rejection.Reset();
              case null, default -> throw new IllegalStateException("not a rejection: " + rule);
            });
  }

  /** The first fault during the execution of the call. */
  public Optional<ExecutionFault> executionFault(Call call) {
    var plan = active;
    return plan.first(call, FaultKind::isExecutionFault)
        .map(rule -> {
          if (rule.kind() == FaultKind.TIMEOUT_AFTER_CAPTURE) {
            var hold = rule.hold() == null ? defaultHold : rule.hold();
            return new ExecutionFault.NoResponse(() -> plan.pause(hold));
          }
          return rule.isAfter()
              ? new ExecutionFault.ErrorAfter()
              : new ExecutionFault.ErrorInstead();
        });
  }

  private static final class ActivePlan {
    final long seed;
    final List<ActiveRule> rules;
    final CountDownLatch replaced = new CountDownLatch(1);

    ActivePlan(Plan plan) {
      this.seed = plan.seed() == null ? 0L : plan.seed();
      List<FaultRule> configured = plan.rules() == null ? List.of() : plan.rules();
      this.rules =
          IntStream.range(0, configured.size())
              .mapToObj(i -> new ActiveRule(configured.get(i), new SplittableRandom(31 * seed + i)))
              .toList();
    }

    Optional<FaultRule> first(Call call, Predicate<FaultKind> kinds) {
      return rules.stream()
          .filter(r -> r.rule.kind() != null && kinds.test(r.rule.kind()))
          .filter(r -> r.fires(call))
          .map(r -> r.rule)
          .findFirst();
    }

    void pause(Duration time) {
      try {
        if (time.isPositive() && replaced.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.debug("The plan was replaced; an injected delay ends early");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    State state() {
      return new State(seed, rules.stream().map(ActiveRule::state).toList());
    }
  }

  private static final class ActiveRule {
    final FaultRule rule;
    private final RandomGenerator random;
    private long matched;
    private long fired;

    ActiveRule(FaultRule rule, RandomGenerator random) {
      this.rule = rule;
      this.random = random;
    }

    synchronized boolean fires(Call call) {
      if (!rule.matches(call)) {
        return false;
      }
      matched++;
      double draw = random.nextDouble();
      if (rule.times() != null && fired >= rule.times()) {
        return false;
      }
      boolean fires = rule.share() == null || draw < rule.share();
      if (fires) {
        fired++;
      }
      return fires;
    }

    synchronized RuleState state() {
      return new RuleState(rule, matched, fired);
    }
  }
}
