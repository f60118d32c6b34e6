package shop.balancing;

import static shop.balancing.TestEndpoints.equal;
import static shop.balancing.TestEndpoints.random;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import shop.balancing.simulation.Arrivals;
import shop.balancing.simulation.ServiceTime;
import shop.balancing.simulation.SimulatedGateway;
import shop.balancing.simulation.SimulatedInstance;
import shop.balancing.simulation.Simulation;

/** Ten instances under Poisson arrivals, in virtual time. */
class SimulatedTrafficTest {
  private static final int INSTANCES = 10;
  private static final Duration SERVICE_TIME = Duration.ofMillis(10);

  private final Simulation simulation = new Simulation();
  private final Candidates candidates = equal(INSTANCES);
  private final Map<String, SimulatedInstance> instances = new LinkedHashMap<>();
  private SimulatedGateway gateway;
  private int workers = 1;

  private void start(Algorithm algorithm) {
    SplittableRandom seeds = new SplittableRandom(1);
    for (Endpoint endpoint : candidates.endpoints()) {
      instances.put(
          endpoint.instance().id(),
          new SimulatedInstance(
              simulation, workers, ServiceTime.exponential(SERVICE_TIME), seeds.split()));
    }
    gateway = new SimulatedGateway(simulation, balancer(algorithm, candidates), instances);
  }

  private Balancer balancer(Algorithm algorithm, Candidates among) {
    return algorithm.balancer(among, random(2), simulation::now);
  }

  /** Sends calls at a share of the instances' capacity. */
  private void send(double load, int calls) {
    double capacity = INSTANCES * workers / (SERVICE_TIME.toMillis() / 1000.0);
    Arrivals.poisson(
        simulation,
        load * capacity,
        new SplittableRandom(3),
        calls,
        i -> gateway.send(new Call(i)));
  }

  @Test
  void printFigures() {
    for (int workers : new int[] {1, 4, 16, 1000}) {
      for (Algorithm algorithm : Algorithm.values()) {
        SimulatedTrafficTest t = new SimulatedTrafficTest();
        t.workers = workers;
        t.start(algorithm);
        t.instances.get("a").serviceTime(ServiceTime.exponential(SERVICE_TIME.multipliedBy(2)));
        t.send(workers == 1000 ? 0.0045 : 0.45, 100_000);
        t.simulation.run();
        System.out.printf(
            "FIG %d %s p50 %.1f p99 %.1f p99.9 %.1f slow %d%n",
            workers,
            algorithm,
            t.gateway.responseTimes().at(50) / 1e6,
            t.gateway.responseTimes().at(99) / 1e6,
            t.gateway.responseTimes().at(99.9) / 1e6,
            t.gateway.calls("a"));
      }
    }
    for (Algorithm algorithm :
        new Algorithm[] {
          Algorithm.P2C, Algorithm.LEAST_RESPONSE_TIME, Algorithm.LEAST_CONNECTIONS
        }) {
      for (int workers : new int[] {1, 8}) {
        SimulatedTrafficTest t = new SimulatedTrafficTest();
        t.workers = workers;
        t.start(algorithm);
        t.instances.get("a").failAfter(Duration.ofMillis(1));
        StringBuilder b = new StringBuilder();
        t.send(0.45, 100_000);
        for (int i = 0; i < 8; i++) {
          t.simulation.run(Duration.ofMillis(i < 4 ? 500 : 5000));
          b.append(t.gateway.calls("a"))
              .append(" of ")
              .append(
                  t.candidates.endpoints().stream()
                      .mapToInt(e -> t.gateway.calls(e.instance().id()))
                      .sum())
              .append("; ");
          t.gateway.reset();
        }
        System.out.printf("FIG fails %s %d: %s%n", algorithm, workers, b);
      }
    }
  }
}
