package shop.balancing;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the instance that the call is bound to, unless it has been tried or is gone; then, and
 * for calls that are bound to none, what another balancer chooses.
 *
 * <p>Source: HAProxy's {@code cookie}, Envoy's stateful session filter. Trade-off: a session stays
 * where its state is, also when instances are added, but load moves only with new sessions.
 */
public final class Sticky implements Balancer {
  private final Map<String, Endpoint> byId = new HashMap<>();
  private final Balancer otherwise;

  /**
   * A balancer that prefers the bound instance.
   *
   * @param bound instances that calls may still be bound to; may hold more than the other balancer
   *     chooses from, such as those that drain
   */
  public Sticky(Candidates bound, Balancer otherwise) {
    bound.endpoints().forEach(endpoint -> byId.put(endpoint.instance().id(), endpoint));
    this.otherwise = otherwise;
  }

  @Override
  public @Nullable Endpoint pick(Call call) {
    String id = call.stickyInstance();
    Endpoint bound = id == null ? null : byId.get(id);
    return bound == null || call.hasTried(bound) ? otherwise.pick(call) : bound;
  }
}
