package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.balancing.TestEndpoints.equal;
import static shop.balancing.TestEndpoints.random;
import static shop.balancing.TestEndpoints.without;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import shop.balancing.simulation.Arrivals;
import shop.balancing.simulation.ServiceTime;
import shop.balancing.simulation.SimulatedGateway;
import shop.balancing.simulation.SimulatedInstance;
import shop.balancing.simulation.Simulation;

/** Ten instances of four workers at 45 % load, Poisson arrivals, exponential service times. */
class SimulatedTrafficTest {
  private static final int INSTANCES = 10;
  private static final int WORKERS = 4;
  private static final Duration SERVICE_TIME = Duration.ofMillis(10);
  private static final double PER_SECOND = 0.45 * INSTANCES * WORKERS / 0.01;
  private static final Duration FOR_A_WHILE = Duration.ofSeconds(15);

  private final Simulation simulation = new Simulation();
  private final Candidates candidates = equal(INSTANCES);
  private final Map<String, SimulatedInstance> instances = new LinkedHashMap<>();
  private final SplittableRandom seeds = new SplittableRandom(1);
  private SimulatedGateway gateway;

  private void start(Algorithm algorithm, int workers) {
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

  private void send(double perSecond, int calls) {
    Arrivals.poisson(
        simulation, perSecond, seeds.split(), calls, number -> gateway.send(new Call(number)));
  }

  /** The share of the calls from now on that an instance gets within some time, in percent. */
  private double share(String id, Duration time) {
    gateway.reset();
    simulation.run(time);
    int sum = instances.keySet().stream().mapToInt(gateway::calls).sum();
    return 100.0 * gateway.calls(id) / sum;
  }

  @ParameterizedTest
  @CsvSource({"LEAST_RESPONSE_TIME, 1", "P2C, 1", "LEAST_RESPONSE_TIME, 4", "P2C, 4"})
  void theTailIsShorterThanOfRoundRobinIfOneIsTwiceAsSlow(Algorithm algorithm, int workers) {
    double roundRobin = new SimulatedTrafficTest().tail(Algorithm.ROUND_ROBIN, workers);

    assertThat(tail(algorithm, workers)).isLessThan(0.8 * roundRobin);
  }

  private double tail(Algorithm algorithm, int workers) {
    start(algorithm, workers);
    instances.get("a").serviceTime(ServiceTime.exponential(SERVICE_TIME.multipliedBy(2)));
    send(PER_SECOND * workers / WORKERS, 100_000);
    simulation.run();
    return gateway.responseTimes().at(99.9);
  }

  @Test
  void theSameSeedsGiveTheSameNumbers() {
    assertThat(tail(Algorithm.LEAST_RESPONSE_TIME, WORKERS))
        .isEqualTo(new SimulatedTrafficTest().tail(Algorithm.LEAST_RESPONSE_TIME, WORKERS));
  }

  @Test
  void anInstanceThatFailsFastDoesNotAttractCalls() {
    start(Algorithm.LEAST_RESPONSE_TIME, WORKERS);
    send(PER_SECOND, 200_000);
    simulation.run(Duration.ofSeconds(5));

    instances.get("a").failAfter(Duration.ofMillis(1));

    assertThat(share("a", Duration.ofSeconds(1))).isLessThan(5);
    assertThat(share("a", FOR_A_WHILE)).isBetween(0.001, 0.1);
  }

  @Test
  void anInstanceThatFailsFastFromTheBeginningDoesNotAttractCalls() {
    start(Algorithm.LEAST_RESPONSE_TIME, WORKERS);
    instances.get("a").failAfter(Duration.ofNanos(1));
    send(PER_SECOND, 200_000);

    assertThat(share("a", Duration.ofSeconds(1))).isLessThan(0.5);
  }

  /** Any two differ, so that even the most attractive of n is in 2 / n of the pairs. */
  @Test
  void anInstanceThatFailsFastGetsNoMoreThanTwiceItsShareOfTwoChoices() {
    start(Algorithm.P2C, WORKERS);
    instances.get("a").failAfter(Duration.ofNanos(1));
    send(PER_SECOND, 200_000);

    assertThat(share("a", FOR_A_WHILE)).isBetween(10.0, 20.5);
  }

  @Test
  void anInstanceThatFailsNoLongerGetsItsShareAgain() {
    start(Algorithm.LEAST_RESPONSE_TIME, WORKERS);
    send(PER_SECOND, 200_000);
    instances.get("a").failAfter(Duration.ofMillis(1));
    simulation.run(Duration.ofSeconds(5));

    instances.get("a").heal();

    share("a", Duration.ofSeconds(12));
    assertThat(share("a", Duration.ofSeconds(5))).isBetween(5.0, 15.0);
  }

  @ParameterizedTest
  @EnumSource(names = {"LEAST_RESPONSE_TIME", "P2C", "LEAST_CONNECTIONS"})
  void aNewInstanceGetsItsShareAndNotMore(Algorithm algorithm) {
    start(algorithm, WORKERS);
    gateway.balancer(balancer(algorithm, without(candidates, "a")));
    send(PER_SECOND, 200_000);
    simulation.run(FOR_A_WHILE);

    gateway.balancer(balancer(algorithm, candidates));

    assertThat(share("a", Duration.ofMillis(500))).isBetween(5.0, 20.0);
    assertThat(share("a", FOR_A_WHILE)).isBetween(5.0, 15.0);
    assertThat(instances.get("a").mostBusy()).isLessThanOrEqualTo(mostBusyOfTheOthers() + 2);
  }

  /** With a first answer after a second, as of a JVM that has just started. */
  @Test
  void aNewInstanceThatIsColdGetsFewCallsUntilItIsWarm() {
    start(Algorithm.LEAST_RESPONSE_TIME, WORKERS);
    gateway.balancer(balancer(Algorithm.LEAST_RESPONSE_TIME, without(candidates, "a")));
    send(PER_SECOND, 200_000);
    simulation.run(FOR_A_WHILE);
    instances.get("a").serviceTime(ServiceTime.fixed(Duration.ofSeconds(1)));
    simulation.in(
        Duration.ofSeconds(2),
        () -> instances.get("a").serviceTime(ServiceTime.exponential(SERVICE_TIME)));

    gateway.balancer(balancer(Algorithm.LEAST_RESPONSE_TIME, candidates));

    assertThat(share("a", Duration.ofSeconds(2))).isLessThan(0.1);
    share("a", Duration.ofSeconds(30));
    assertThat(share("a", Duration.ofSeconds(5))).isBetween(5.0, 15.0);
  }

  @ParameterizedTest
  @EnumSource(names = {"LEAST_RESPONSE_TIME", "P2C", "LEAST_CONNECTIONS"})
  void anInstanceThatWasIdleGetsItsShareAndNotMore(Algorithm algorithm) {
    start(algorithm, WORKERS);
    send(PER_SECOND, 200_000);
    simulation.run(Duration.ofSeconds(5));
    gateway.balancer(balancer(algorithm, without(candidates, "a")));
    simulation.run(Duration.ofMinutes(1));

    gateway.balancer(balancer(algorithm, candidates));

    assertThat(share("a", Duration.ofMillis(500))).isBetween(5.0, 20.0);
    assertThat(share("a", Duration.ofSeconds(10))).isBetween(5.0, 15.0);
    assertThat(instances.get("a").mostBusy()).isLessThanOrEqualTo(mostBusyOfTheOthers() + 2);
  }

  /** Nothing is known of any instance and no answer comes before the last call. */
  @ParameterizedTest
  @EnumSource(names = {"LEAST_RESPONSE_TIME", "P2C", "LEAST_CONNECTIONS"})
  void aFirstBurstIsSpreadOverAll(Algorithm algorithm) {
    start(algorithm, WORKERS);

    for (int i = 0; i < 200; i++) {
      gateway.send(new Call(i));
    }

    assertThat(instances.keySet()).allMatch(id -> gateway.calls(id) >= 15);
    assertThat(instances.keySet()).allMatch(id -> gateway.calls(id) <= 25);
  }

  /** What hangs holds what it got; the rest goes elsewhere, also long after the last answer. */
  @ParameterizedTest
  @EnumSource(names = {"LEAST_RESPONSE_TIME", "P2C", "LEAST_CONNECTIONS"})
  void anInstanceThatHangsGetsFewCalls(Algorithm algorithm) {
    start(algorithm, WORKERS);
    send(PER_SECOND, 200_000);
    simulation.run(Duration.ofSeconds(5));

    instances.get("a").hang();

    share("a", Duration.ofSeconds(1));
    assertThat(share("a", Duration.ofMinutes(1))).isLessThan(0.1);
  }

  private int mostBusyOfTheOthers() {
    return instances.entrySet().stream()
        .filter(entry -> !entry.getKey().equals("a"))
        .mapToInt(entry -> entry.getValue().mostBusy())
        .max()
        .orElseThrow();
  }
}
