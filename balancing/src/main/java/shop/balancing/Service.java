package shop.balancing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one service and the choice among them. Discovery, checks, calls and operators
 * report what happens; each report that changes something publishes a new {@link Routing}. Reports
 * take a lock, except those of calls that change nothing; picks take none and do not allocate.
 *
 * <p>Times are nanoseconds of one monotonic clock. Someone must call {@link #tick} about every
 * second, and {@link #dueChecks} a few times as often.
 */
public final class Service {
  private final RandomGenerator random;
  private final Object lock = new Object();
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, Long> drains = new HashMap<>();
  private final Loads loads = new Loads();
  private final SlowStart slowStart = new SlowStart();
  private volatile Routing routing;

  /**
   * A service without instances.
   *
   * @param random for jitter and the choice of groups; thread-safe
   */
  public Service(ServiceSettings settings, RandomGenerator random) {
    this.random = random;
    this.routing = Routing.empty(settings);
  }

  /**
   * Chooses an endpoint for a call. A bound client stays with its instance while that is available
   * or drains before its deadline. The caller begins a lease of the endpoint's load.
   *
   * @return null if there is none that the call has not tried
   */
  public @Nullable Endpoint pick(Call call) {
    var current = routing;
    String sticky = call.stickyInstance();
    if (sticky != null) {
      var bound = current.bound().get(sticky);
      if (bound != null && !call.hasTried(bound)) {
        return bound;
      }
    }
    return current.plan(call.client()).pick(call, current.settings().keyed(), random);
  }

  /** A call to the instance was answered, other than by an error of the instance. */
  public void onSuccess(Instance instance) {
    var member = routing.member(instance);
    if (member != null) {
      member.outliers.succeeded();
    }
  }

  /**
   * A call to the instance failed: no connection, a timeout or a 5xx. Not a 503 with Retry-After,
   * which speaks of something behind the instance.
   */
  public void onFailure(Instance instance, long now) {
    var current = routing;
    var member = current.member(instance);
    if (member != null && member.outliers.failed(current.settings().outliers())) {
      synchronized (lock) {
        decideEjection(member, now);
      }
    }
  }

  private void decideEjection(Member member, long now) {
    var settings = routing.settings().outliers();
    if (members.get(member.instance().id()) != member || !member.outliers.decides(settings)) {
      return;
    }
    int weighted = 0;
    int ejected = 0;
    int availableOthers = 0;
    for (var other : members.values()) {
      weighted += other.instance().weight() > 0 ? 1 : 0;
      ejected += other.health() == Health.EJECTED ? 1 : 0;
      availableOthers += other != member && isAvailable(other) ? 1 : 0;
    }
    if (settings.mayEject(weighted, ejected, availableOthers)) {
      apply(member, Health.Event.EJECT, now);
    }
  }

  /** The instances to check now. Each is returned once, until its result or timeout. */
  public List<Instance> dueChecks(long now) {
    synchronized (lock) {
      var settings = routing.settings().checks();
      return members.values().stream()
          .filter(member -> member.checks.begin(settings, now))
          .map(Member::instance)
          .toList();
    }
  }

  /** The result of a check of the instance. */
  public void onCheck(Instance instance, ActiveChecks.Result result, long now) {
    synchronized (lock) {
      var member = routing.member(instance);
      if (member != null) {
        var settings = routing.settings().checks();
        var event = member.checks.on(result, member.health(), settings, random, now);
        if (event != null) {
          apply(member, event, now);
        }
      }
    }
  }

  private void apply(Member member, Health.Event event, long now) {
    if (member.on(event, routing.settings(), slowStart, random, now)) {
      publish(now);
    }
  }

  /**
   * Replaces the instances by those that discovery lists. What is known of an instance stays as
   * long as its id and address do; in-flight counts stay even while it is gone. Not to be called
   * when a look-up fails.
   */
  public void onDiscovered(List<Instance> instances, long now) {
    synchronized (lock) {
      var before = new HashMap<>(members);
      members.clear();
      for (var instance : instances) {
        members.computeIfAbsent(instance.id(), id -> member(instance, before.get(id), now));
      }
      before.keySet().removeAll(members.keySet());
      before.forEach((id, member) -> loads.leave(id, member.load, now));
      loads.forget(now);
      publish(now);
    }
  }

  private Member member(Instance instance, @Nullable Member before, long now) {
    if (before != null && isSameProcess(before.instance(), instance)) {
      before.instance(instance, now);
      return before;
    }
    var load = before == null ? loads.join(instance.id()) : before.load;
    var checks = new ActiveChecks(routing.settings().checks(), random, now);
    var member = new Member(instance, load, checks, now);
    var deadline = drains.get(instance.id());
    if (deadline != null) {
      member.drain(deadline);
    }
    return member;
  }

  /** One that terminates does not go back: an address that is listed without it has been reused. */
  private static boolean isSameProcess(Instance before, Instance now) {
    return before.address().equals(now.address())
        && (now.isTerminating() || !before.isTerminating());
  }

  /**
   * Drains an instance: no new calls, and calls of bound clients until the deadline. It drains
   * until {@link #undrain}, even if it leaves and returns.
   */
  public DrainAnswer drain(String id, long deadline, long now) {
    synchronized (lock) {
      var member = members.get(id);
      if (member == null) {
        return DrainAnswer.UNKNOWN_INSTANCE;
      }
      if (!member.isDraining() && isLastAvailable(member)) {
        return DrainAnswer.LAST_AVAILABLE;
      }
      drains.put(id, deadline);
      member.drain(deadline);
      publish(now);
      return DrainAnswer.DRAINING;
    }
  }

  private boolean isLastAvailable(Member member) {
    var others =
        members.values().stream()
            .filter(other -> other != member && !other.isDraining())
            .filter(other -> other.instance().weight() > 0)
            .toList();
    return others.isEmpty()
        || (isAvailable(member) && others.stream().noneMatch(this::isAvailable));
  }

  /** Healthy, or new like all others; with a weight and not draining. */
  private boolean isAvailable(Member member) {
    return !member.isDraining()
        && member.instance().weight() > 0
        && (member.health() == Health.HEALTHY
            || (member.health() == Health.NEW
                && members.values().stream().allMatch(it -> it.health() == Health.NEW)));
  }

  /** Ends draining; nothing if the instance does not drain. */
  public void undrain(String id, long now) {
    synchronized (lock) {
      drains.remove(id);
      var member = members.get(id);
      if (member != null) {
        undrain(member, now);
        publish(now);
      }
    }
  }

  private void undrain(Member member, long now) {
    if (member.isDrainedByOperator()) {
      member.undrain(slowStart.begin(routing.settings().slowStart(), now));
    }
  }

  /**
   * Replaces all drains, by deadlines, as another gateway or an earlier run has accepted them:
   * nothing is refused, and unknown instances drain when they appear. Should all instances drain,
   * all of them get calls.
   */
  public void drains(Map<String, Long> deadlines, long now) {
    synchronized (lock) {
      drains.clear();
      drains.putAll(deadlines);
      for (var member : members.values()) {
        var deadline = deadlines.get(member.instance().id());
        if (deadline != null) {
          member.drain(deadline);
        } else {
          undrain(member, now);
        }
      }
      publish(now);
    }
  }

  /** The settings in force. */
  public ServiceSettings settings() {
    return routing.settings();
  }

  /** Replaces the settings. */
  public void settings(ServiceSettings settings, long now) {
    synchronized (lock) {
      publish(settings, now);
    }
  }

  /** Does what time brings: ejections and drains end, slow starts advance. */
  public void tick(long now) {
    synchronized (lock) {
      for (var member : members.values()) {
        if (member.health() == Health.EJECTED && member.outliers.left(now) <= 0) {
          member.on(Health.Event.EJECTION_OVER, routing.settings(), slowStart, random, now);
        }
      }
      loads.forget(now);
      publish(now);
    }
  }

  private void publish(long now) {
    publish(routing.settings(), now);
  }

  private void publish(ServiceSettings settings, long now) {
    routing = RoutingBuilder.build(members.values(), settings, now, routing);
  }

  /** What operators see. */
  public ServiceStatus status(long now) {
    synchronized (lock) {
      var current = routing;
      var instances = new ArrayList<ServiceStatus.InstanceStatus>();
      for (var member : members.values()) {
        var candidate = current.candidates().get(member.instance().id());
        double weight = candidate == null ? 0 : candidate.weight();
        instances.add(member.status(weight, current.settings(), now));
      }
      return new ServiceStatus(current.panic(), List.copyOf(instances));
    }
  }
}
