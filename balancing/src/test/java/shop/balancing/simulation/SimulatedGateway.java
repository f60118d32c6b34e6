package shop.balancing.simulation;

import java.util.LinkedHashMap;
import java.util.Map;
import shop.balancing.Balancer;
import shop.balancing.Call;
import shop.balancing.Endpoint;
import shop.balancing.Lease;

/** Sends calls where a balancer says, without repeating them, and records what becomes of them. */
public final class SimulatedGateway {
  private final Simulation simulation;
  private final Map<String, SimulatedInstance> instances;
  private final Map<String, Integer> calls = new LinkedHashMap<>();
  private final Percentiles responseTimes = new Percentiles();
  private Balancer balancer;
  private int failures;

  /**
   * A gateway that has sent nothing.
   *
   * @param instances by id
   */
  public SimulatedGateway(
      Simulation simulation, Balancer balancer, Map<String, SimulatedInstance> instances) {
    this.simulation = simulation;
    this.balancer = balancer;
    this.instances = Map.copyOf(instances);
  }

  /** Asks another balancer from now on, as after a change of the candidates. */
  public void balancer(Balancer other) {
    balancer = other;
  }

  /**
   * Sends a call.
   *
   * @throws IllegalStateException if there is no endpoint
   */
  public void send(Call call) {
    Endpoint endpoint = balancer.pick(call);
    if (endpoint == null) {
      throw new IllegalStateException("No endpoint for a call");
    }
    String id = endpoint.instance().id();
    calls.merge(id, 1, Integer::sum);
    long sentAt = simulation.now();
    Lease lease = endpoint.load().begin(sentAt);
    instances.get(id).serve(succeeded -> end(lease, sentAt, succeeded));
  }

  /** How many calls an instance got since the last {@link #reset()}. */
  public int calls(String id) {
    return calls.getOrDefault(id, 0);
  }

  /** Of the successful calls, in nanoseconds. */
  public Percentiles responseTimes() {
    return responseTimes;
  }

  public int failures() {
    return failures;
  }

  /** Forgets what was recorded, as after a warm-up. */
  public void reset() {
    calls.clear();
    responseTimes.clear();
    failures = 0;
  }

  private void end(Lease lease, long sentAt, boolean succeeded) {
    if (succeeded) {
      lease.headersReceived(simulation.now());
      responseTimes.add(simulation.now() - sentAt);
    } else {
      lease.failed(simulation.now());
      failures++;
    }
    lease.close();
  }
}
