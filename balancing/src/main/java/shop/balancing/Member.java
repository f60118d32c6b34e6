package shop.balancing;

import java.net.URI;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * An instance of a service with what is known of it. Belongs to one address: another one under the
 * same id is another process, of which nothing is known. Guarded by the service's lock, but for the
 * counting of failures.
 */
final class Member {
  final Load load;
  final ActiveChecks checks;
  final Outliers outliers = new Outliers();
  private final URI address;
  private Instance instance;
  private Health health = Health.NEW;
  private long since;
  private long availableSince;
  private boolean draining;
  private long drainDeadline;
  private long terminationDeadline;

  Member(Instance instance, Load load, ActiveChecks checks, long now) {
    this.address = instance.address();
    this.instance = instance;
    this.load = load;
    this.checks = checks;
    this.since = now;
    this.availableSince = now;
    this.terminationDeadline = deadline(instance, now);
  }

  private static long deadline(Instance instance, long now) {
    var time = instance.drainTime();
    return time == null ? now : now + time.toNanos();
  }

  /** May be read without the lock. */
  URI address() {
    return address;
  }

  Instance instance() {
    return instance;
  }

  /** Its weight, priority or place has changed, or it terminates. What is known of it stays. */
  void instance(Instance changed, long now) {
    if (!instance.isTerminating()) {
      terminationDeadline = deadline(changed, now);
    }
    instance = changed;
  }

  Health health() {
    return health;
  }

  /** From when its age counts for slow start. */
  long availableSince() {
    return availableSince;
  }

  /** By an operator, or because it terminates. */
  boolean isDraining() {
    return draining || instance.isTerminating();
  }

  boolean isDrainedByOperator() {
    return draining;
  }

  /** How long sticky calls continue, nanoseconds; not positive if they do not. */
  long drainLeft(long now) {
    long terminates = terminationDeadline - now;
    if (!draining) {
      return terminates;
    }
    long drains = drainDeadline - now;
    return instance.isTerminating() ? Math.min(drains, terminates) : drains;
  }

  /**
   * Applies an event.
   *
   * @return false if it changes nothing
   */
  boolean on(
      Health.Event event,
      ServiceSettings settings,
      SlowStart slowStart,
      RandomGenerator random,
      long now) {
    var before = health;
    health = before.on(event);
    if (health == before) {
      return false;
    }
    since = now;
    if (before == Health.HEALTHY) {
      outliers.unhealthy(settings.outliers(), now);
    }
    if (health == Health.HEALTHY) {
      outliers.healthy(now);
      availableSince = slowStart.begin(settings.slowStart(), now);
    }
    if (health == Health.EJECTED) {
      outliers.eject(settings.outliers(), random, now);
    }
    return true;
  }

  void drain(long deadline) {
    draining = true;
    drainDeadline = deadline;
  }

  /** Begins with a slow start, like one that was down. */
  void undrain(long available) {
    draining = false;
    availableSince = available;
  }

  /**
   * What operators see of it.
   *
   * @param weight with which it is chosen now
   */
  ServiceStatus.InstanceStatus status(double weight, ServiceSettings settings, long now) {
    return new ServiceStatus.InstanceStatus(
        instance,
        health,
        Duration.ofNanos(now - since),
        weight,
        load.inFlight(),
        Duration.ofNanos((long) load.responseTime(now)),
        outliers.ejections(settings.outliers(), now),
        health == Health.EJECTED ? left(outliers.left(now)) : null,
        isDraining() ? left(drainLeft(now)) : null);
  }

  private static Duration left(long nanos) {
    return Duration.ofNanos(Math.max(0, nanos));
  }
}
