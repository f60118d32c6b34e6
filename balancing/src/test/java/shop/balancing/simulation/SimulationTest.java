package shop.balancing.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private final Simulation simulation = new Simulation();

  @Test
  void eventsRunInTheOrderOfTheirTimesAndThenOfTheirAddition() {
    List<String> run = new ArrayList<>();
    simulation.in(2, () -> run.add("late"));
    simulation.in(1, () -> run.add("first"));
    simulation.in(1, () -> run.add("second"));

    simulation.run();

    assertThat(run).containsExactly("first", "second", "late");
    assertThat(simulation.now()).isEqualTo(2);
  }

  @Test
  void runsForSomeTimeAndKeepsLaterEvents() {
    List<Long> times = new ArrayList<>();
    simulation.in(Duration.ofSeconds(1), () -> times.add(simulation.now()));
    simulation.in(Duration.ofSeconds(3), () -> times.add(simulation.now()));

    simulation.run(Duration.ofSeconds(2));

    assertThat(times).containsExactly(1_000_000_000L);
    assertThat(simulation.now()).isEqualTo(2_000_000_000L);
  }

  @Test
  void poissonArrivalsHaveTheirRate() {
    int[] arrived = {0};
    Arrivals.poisson(simulation, 1000, new SplittableRandom(1), 100_000, number -> arrived[0]++);

    simulation.run();

    assertThat(arrived[0]).isEqualTo(100_000);
    assertThat(simulation.now() / 1e9).isCloseTo(100, within(1.0));
  }

  /** M/M/1 at half load: a call stays for 1 / (service rate − arrival rate), 20 ms, on average. */
  @Test
  void aQueueHasTheResponseTimeOfTheory() {
    SimulatedInstance instance =
        new SimulatedInstance(
            simulation, 1, ServiceTime.exponential(Duration.ofMillis(10)), new SplittableRandom(1));
    Percentiles times = new Percentiles();
    Arrivals.poisson(
        simulation,
        50,
        new SplittableRandom(2),
        100_000,
        number -> {
          long sentAt = simulation.now();
          instance.serve(succeeded -> times.add(simulation.now() - sentAt));
        });

    simulation.run();

    assertThat(times.mean() / 1e6).isCloseTo(20, within(0.6));
    assertThat(times.at(99) / 1e6).isCloseTo(20 * Math.log(100), within(4.0));
  }

  @Test
  void percentilesAreOfTheNearestRank() {
    Percentiles percentiles = new Percentiles();
    assertThatThrownBy(() -> percentiles.at(50)).isInstanceOf(IllegalStateException.class);
    for (int i = 1000; i >= 1; i--) {
      percentiles.add(i);
    }

    assertThat(percentiles.at(50)).isEqualTo(500);
    assertThat(percentiles.at(99.9)).isEqualTo(999);
    assertThat(percentiles.at(100)).isEqualTo(1000);
    assertThatThrownBy(() -> percentiles.at(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
