package shop.bench.balancing;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import shop.balancing.ActiveChecks;
import shop.balancing.Algorithm;
import shop.balancing.Call;
import shop.balancing.Instance;
import shop.balancing.Service;
import shop.balancing.ServiceSettings;
import shop.balancing.SlowStart;

/** The calls that an instance gets after it has joined nine others. */
final class NewInstance {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final int CALLS_PER_SECOND = 10_000;

  private NewInstance() {}

  /** Percent of the calls in each second after it has passed its first check. */
  static List<Double> share(Duration slowStart, int seconds) {
    var defaults =
        ServiceSettings.of(
            candidates -> Algorithm.RANDOM.balancer(candidates, new Random(4), () -> 0), false);
    var settings =
        new ServiceSettings(
            defaults.algorithm(),
            defaults.keyed(),
            defaults.checks(),
            defaults.outliers(),
            new SlowStart.Settings(slowStart, 0.1, 1),
            defaults.panicPercent(),
            defaults.overprovisioning());
    var service = new Service(settings, new Random(5));
    var instances =
        IntStream.range(0, SimulatedFleet.SIZE)
            .mapToObj(i ->
                Instance.of(
                    SimulatedFleet.id(i), URI.create("http://10.0.0.%d:8080".formatted(i + 1))))
            .toList();
    var old = instances.subList(1, instances.size());
    var joining = instances.getFirst();
    service.onDiscovered(old, 0);
    old.forEach(instance -> service.onCheck(instance, ActiveChecks.Result.READY, 0));
    long now = 600 * SECOND;
    service.onDiscovered(instances, now);
    service.onCheck(joining, ActiveChecks.Result.READY, now);
    var shares = new ArrayList<Double>();
    for (int second = 0; second <= seconds; second++) {
      service.tick(now + second * SECOND);
      int calls = 0;
      for (int n = 0; n < CALLS_PER_SECOND; n++) {
        var picked = service.pick(new Call(n));
        calls += isOf(joining, picked == null ? null : picked.instance()) ? 1 : 0;
      }
      shares.add(100.0 * calls / CALLS_PER_SECOND);
    }
    return shares;
  }

  private static boolean isOf(Instance joining, @Nullable Instance picked) {
    return picked != null && picked.id().equals(joining.id());
  }
}
