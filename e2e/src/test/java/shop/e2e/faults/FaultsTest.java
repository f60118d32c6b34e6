package shop.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.e2e.SharedPlatform;
import shop.local.StartListener;
import shop.local.TrainingRun;

/**
 * Every accepted order is settled exactly once, with at most one charge, under every injected
 * fault. {@code ./test --faults --seed 7 --minutes 3} injects all faults into two instances of
 * every service; as part of the whole test suite it injects a few faults into one instance of each.
 */
@Tag("slow")
class FaultsTest {

  private static final Set<Integer> FEW = Set.of(1, 3, 4, 8, 13, 16, 21);

  @BeforeAll
  static void stopSharedPlatform() {
    SharedPlatform.stop();
  }

  @Test
  void everyAcceptedOrderIsSettledOnceUnderFaults() {
    var minutes = Integer.getInteger("faults.minutes");
    if (minutes == null) {
      FaultRun.run(1, Duration.ZERO, 1, faults(FEW));
    } else {
      long seed = Long.getLong("faults.seed", 1);
      TrainingRun.ifNecessary(StartListener.SILENT);
      FaultRun.run(seed, Duration.ofMinutes(minutes), 2, faults(only()));
    }
  }

  private static List<Fault> faults(Set<Integer> numbers) {
    var faults = Fault.ALL.stream().filter(fault -> numbers.contains(fault.number())).toList();
    assertThat(faults).extracting(Fault::number).containsExactlyInAnyOrderElementsOf(numbers);
    return faults;
  }

  private static Set<Integer> only() {
    String only = System.getProperty("faults.only", "");
    return only.isEmpty()
        ? Fault.ALL.stream().map(Fault::number).collect(Collectors.toSet())
        : Stream.of(only.split(",", -1)).map(Integer::valueOf).collect(Collectors.toSet());
  }
}
