package shop.balancing;

import static java.util.Objects.requireNonNull;
import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A service and its instances in virtual time. Checks are asked and answered as scripted while time
 * advances; calls take no time.
 */
final class Fleet {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1000 * MILLI;
  private static final long STEP = 100 * MILLI;

  /** Balancers that were made, to see what is rebuilt. */
  final AtomicInteger built = new AtomicInteger();

  final Service service;
  long now;
  ServiceSettings settings;
  private final Map<String, ActiveChecks.Result> answers = new HashMap<>();
  private final ArrayDeque<Runnable> timeouts = new ArrayDeque<>();
  private final ArrayDeque<Long> timeoutTimes = new ArrayDeque<>();
  private final Map<String, Instance> listed = new TreeMap<>();
  private long hash;

  Fleet(boolean keyed, long seed) {
    // An origin near the end of long shows comparisons of times that do not survive overflow.
    now = Long.MAX_VALUE - 20 * SECOND;
    settings = ServiceSettings.of(this::inTurn, keyed);
    service = new Service(settings, new Random(seed));
  }

  /** Instances that have passed their checks long ago. */
  static Fleet warm(String... ids) {
    var fleet = new Fleet(false, 1);
    fleet.discover(ids);
    fleet.check(ActiveChecks.Result.READY, 1, ids);
    fleet.now += 60 * SECOND;
    fleet.service.tick(fleet.now);
    return fleet;
  }

  static Instance instance(String id) {
    return instance(id, "", "", 0);
  }

  static Instance instance(String id, String region, String zone, int priority) {
    return new Instance(
        id, URI.create("http://" + id + ":80"), 10, new Locality(region, zone), priority);
  }

  private Balancer inTurn(Candidates candidates) {
    built.incrementAndGet();
    var next = new AtomicInteger();
    return call -> {
      for (int n = 0; n < candidates.size(); n++) {
        var endpoint = candidates.get(Math.floorMod(next.getAndIncrement(), candidates.size()));
        if (!call.hasTried(endpoint)) {
          return endpoint;
        }
      }
      return null;
    };
  }

  void settings(ServiceSettings changed) {
    settings = changed;
    service.settings(changed, now);
  }

  void discover(String... ids) {
    discover(List.of(ids).stream().map(Fleet::instance).toArray(Instance[]::new));
  }

  void discover(Instance... instances) {
    listed.clear();
    for (var instance : instances) {
      listed.put(instance.id(), instance);
    }
    service.onDiscovered(List.of(instances), now);
  }

  Instance listed(String id) {
    return requireNonNull(listed.get(id));
  }

  /** From now on the checks of these instances have that result. Without, it is READY. */
  void answer(ActiveChecks.Result result, String... ids) {
    for (var id : ids) {
      answers.put(id, result);
    }
  }

  /** Results without waiting for a check to be due. */
  void check(ActiveChecks.Result result, int times, String... ids) {
    answer(result, ids);
    for (var id : ids) {
      for (int n = 0; n < times; n++) {
        service.onCheck(listed(id), result, now);
      }
    }
  }

  void fail(String id, int times) {
    for (int n = 0; n < times; n++) {
      service.onFailure(listed(id), now);
    }
  }

  void succeed(String id) {
    service.onSuccess(listed(id));
  }

  void advance(Duration time) {
    long end = now + time.toNanos();
    while (now - end < 0) {
      now += Math.min(STEP, end - now);
      while (!timeouts.isEmpty() && timeoutTimes.getFirst() - now <= 0) {
        timeoutTimes.removeFirst();
        timeouts.removeFirst().run();
      }
      for (var instance : service.dueChecks(now)) {
        ask(instance);
      }
      service.tick(now);
    }
  }

  private void ask(Instance instance) {
    var result = answers.getOrDefault(instance.id(), ActiveChecks.Result.READY);
    if (result == ActiveChecks.Result.SILENT) {
      timeoutTimes.add(now + settings.checks().timeout().toNanos());
      timeouts.add(() -> service.onCheck(instance, result, now));
    } else {
      service.onCheck(instance, result, now);
    }
  }

  /** How many of the calls each instance gets; none is counted as "". */
  Map<String, Integer> calls(int count, Locality client) {
    var counts = new TreeMap<String, Integer>();
    for (int n = 0; n < count; n++) {
      counts.merge(id(service.pick(new Call(hash++, null, client))), 1, Integer::sum);
    }
    return counts;
  }

  /** The instances that get calls of clients anywhere. */
  List<String> inUse() {
    return new ArrayList<>(calls(300, Locality.UNKNOWN).keySet());
  }

  /** The instance that a bound client's call goes to. */
  String bound(String instance) {
    return id(service.pick(new Call(hash++, instance, Locality.UNKNOWN)));
  }

  static String id(@Nullable Endpoint endpoint) {
    return endpoint == null ? "" : endpoint.instance().id();
  }

  ServiceStatus.InstanceStatus status(String id) {
    return requireNonNull(
        service.status(now).instances().stream()
            .collect(toMap(status -> status.instance().id(), identity()))
            .get(id));
  }

  Health health(String id) {
    return status(id).health();
  }

  /** The weight in relation to the nominal one. */
  double factor(String id) {
    return status(id).weight() / listed(id).weight();
  }
}
