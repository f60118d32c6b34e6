package shop.balancing;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that picks need, published as a whole: no pick sees half of a change.
 *
 * @param plans by the place of the client
 * @param regions plans by the client's region, for zones in which there is no instance
 * @param elsewhere the plan for all other clients
 * @param candidates those that get new calls, by id
 * @param bound those that get calls of clients bound to them, by id
 * @param balancers of the groups, kept as long as a group does not change
 * @param panic whether health is disregarded in a group
 */
record Routing(
    ServiceSettings settings,
    Map<String, Member> members,
    Map<Locality, Plan> plans,
    Map<String, Plan> regions,
    Plan elsewhere,
    Map<String, Endpoint> candidates,
    Map<String, Endpoint> bound,
    Map<Candidates, Balancer> balancers,
    boolean panic) {

  /** No instances. */
  static Routing empty(ServiceSettings settings) {
    return new Routing(
        settings,
        Map.of(),
        Map.of(),
        Map.of(),
        new Plan(List.of(), new double[0]),
        Map.of(),
        Map.of(),
        Map.of(),
        false);
  }

  /** The instance of that id and address, null if it is gone. */
  @Nullable Member member(Instance instance) {
    var member = members.get(instance.id());
    return member != null && member.address().equals(instance.address()) ? member : null;
  }

  Plan plan(Locality client) {
    var plan = plans.get(client);
    if (plan == null) {
      plan = regions.get(client.region());
    }
    return plan == null ? elsewhere : plan;
  }
}
