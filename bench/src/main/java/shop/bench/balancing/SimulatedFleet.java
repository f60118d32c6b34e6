package shop.bench.balancing;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import shop.balancing.Algorithm;
import shop.balancing.Balancer;
import shop.balancing.Call;
import shop.balancing.Candidates;
import shop.balancing.Endpoint;
import shop.balancing.Instance;
import shop.balancing.Load;
import shop.balancing.LoadGroup;
import shop.balancing.simulation.Arrivals;
import shop.balancing.simulation.Percentiles;
import shop.balancing.simulation.ServiceTime;
import shop.balancing.simulation.SimulatedGateway;
import shop.balancing.simulation.SimulatedInstance;
import shop.balancing.simulation.Simulation;

/**
 * Ten instances of four workers at 45 % load: Poisson arrivals, exponential service times of 10 ms
 * in the mean. Instance 0 is the one that misbehaves.
 */
final class SimulatedFleet {

  static final int SIZE = 10;
  private static final int WORKERS = 4;
  private static final Duration SERVICE_TIME = Duration.ofMillis(10);
  private static final double PER_SECOND = 0.45 * SIZE * WORKERS / 0.01;
  private static final int CALLS = 200_000;

  private final Simulation simulation = new Simulation();
  private final SplittableRandom seeds = new SplittableRandom(1);
  private final Map<String, SimulatedInstance> instances = new LinkedHashMap<>();
  private final SimulatedGateway gateway;

  SimulatedFleet(Algorithm algorithm) {
    for (int i = 0; i < SIZE; i++) {
      instances.put(
          id(i),
          new SimulatedInstance(
              simulation, WORKERS, ServiceTime.exponential(SERVICE_TIME), seeds.split()));
    }
    gateway = new SimulatedGateway(simulation, balancer(algorithm), instances);
  }

  private Balancer balancer(Algorithm algorithm) {
    return algorithm.balancer(candidates(SIZE), new Random(2), simulation::now);
  }

  static Candidates candidates(int count) {
    var group = new LoadGroup();
    return new Candidates(
        IntStream.range(0, count)
            .mapToObj(i ->
                new Endpoint(
                    Instance.of(id(i), URI.create("http://10.0.0.%d:8080".formatted(i + 1))),
                    new Load(group, Load.DEFAULT_DECAY),
                    1))
            .toList());
  }

  static String id(int number) {
    return "i" + number;
  }

  /** Instance 0 takes twice the time. */
  SimulatedFleet withOneSlow() {
    first().serviceTime(ServiceTime.exponential(SERVICE_TIME.multipliedBy(2)));
    return this;
  }

  /** Instance 0 fails each call after a millisecond. */
  SimulatedFleet withOneFailingFast() {
    first().failAfter(Duration.ofMillis(1));
    return this;
  }

  private SimulatedInstance first() {
    return instances.values().iterator().next();
  }

  SimulatedFleet run() {
    Arrivals.poisson(
        simulation, PER_SECOND, seeds.split(), CALLS, number -> gateway.send(new Call(number)));
    simulation.run();
    return this;
  }

  Percentiles responseTimes() {
    return gateway.responseTimes();
  }

  /** Percent of all calls that instance 0 got. */
  double shareOfFirst() {
    return 100.0 * gateway.calls(id(0)) / CALLS;
  }

  /** Percent of all calls that failed. */
  double failures() {
    return 100.0 * gateway.failures() / CALLS;
  }

  static List<Algorithm> unkeyed() {
    return List.of(
        Algorithm.ROUND_ROBIN,
        Algorithm.RANDOM,
        Algorithm.LEAST_CONNECTIONS,
        Algorithm.P2C,
        Algorithm.LEAST_RESPONSE_TIME);
  }
}
