package shop.balancing;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingInt;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the routing from the members of a service as they are at one time: who may be chosen with
 * which weight, and for clients at each place the groups and their shares.
 *
 * <p>The order of the rules: an instance of weight 0 gets no calls, a draining one no new ones
 * unless all are draining. If the groups suffice by {@link Regions}, healthy instances get the
 * calls. If not, {@link Panic} decides for each group, and for all together if none is healthy; if
 * all of them panic, the calls are divided by the weights.
 */
final class RoutingBuilder {
  private final ServiceSettings settings;
  private final Map<Candidates, Balancer> known;
  private final long now;
  private final List<Member> members;
  private final boolean allDraining;
  private final Panic calm;
  private final double warmest;
  private final Map<Candidates, Balancer> balancers = new HashMap<>();

  private RoutingBuilder(
      Collection<Member> all, ServiceSettings settings, long now, Routing previous) {
    this.settings = settings;
    this.now = now;
    known =
        settings.algorithm().equals(previous.settings().algorithm())
            ? previous.balancers()
            : Map.of();
    members = all.stream().filter(member -> member.instance().weight() > 0).toList();
    allDraining = members.stream().allMatch(Member::isDraining);
    boolean allNew =
        members.stream().filter(this::isServing).allMatch(it -> it.health() == Health.NEW);
    calm = new Panic(EnumSet.of(allNew ? Health.NEW : Health.HEALTHY), false);
    warmest = members.stream().filter(this::isAvailable).mapToDouble(this::factor).max().orElse(1);
  }

  /** The routing for the members. Keeps the balancers of groups that have not changed. */
  static Routing build(
      Collection<Member> members, ServiceSettings settings, long now, Routing previous) {
    return new RoutingBuilder(members, settings, now, previous).build(members);
  }

  private Routing build(Collection<Member> all) {
    var elsewhere = groups(Locality.UNKNOWN);
    var plans = new HashMap<Locality, Plan>();
    var regions = new HashMap<String, Plan>();
    for (var member : members) {
      var place = member.instance().locality();
      if (!place.region().isEmpty()) {
        plans.computeIfAbsent(place, client -> plan(groups(client)));
        regions.computeIfAbsent(place.region(), region -> plan(groups(new Locality(region, ""))));
      }
    }
    var byId = new LinkedHashMap<String, Member>();
    all.forEach(member -> byId.put(member.instance().id(), member));
    var candidates = new HashMap<String, Endpoint>();
    elsewhere.forEach(
        group -> group.candidates.endpoints().forEach(it -> candidates.put(id(it), it)));
    return new Routing(
        settings,
        byId,
        plans,
        regions,
        plan(elsewhere),
        candidates,
        bound(candidates),
        balancers,
        elsewhere.stream().anyMatch(Group::isPanic));
  }

  /**
   * Instances at the same distance from a client. The share is in relation to the other groups'.
   */
  private record Group(Candidates candidates, double share, boolean isPanic) {}

  /** The groups for clients at a place that have candidates, the nearest first. */
  private List<Group> groups(Locality client) {
    var byRank =
        members.stream()
            .collect(
                groupingBy(
                    member -> Regions.rank(member.instance(), client), TreeMap::new, toList()));
    var ranked = List.copyOf(byRank.values());
    double[] healthy = ranked.stream().mapToDouble(this::healthyShare).toArray();
    double[] shares = Regions.shares(healthy, settings.overprovisioning());
    var decisions = decisions(ranked, healthy);
    boolean byWeight =
        Regions.isNothingHealthy(healthy) || decisions.stream().allMatch(Panic::isPanic);

    var groups = new ArrayList<Group>();
    for (int n = 0; n < shares.length; n++) {
      var decision = byWeight || shares[n] > 0 ? decisions.get(n) : calm;
      var candidates = candidates(ranked.get(n), decision);
      if (candidates.size() > 0) {
        double share = byWeight ? weight(candidates) : shares[n];
        groups.add(new Group(candidates, share, decision.isPanic()));
      }
    }
    return groups;
  }

  private List<Panic> decisions(List<List<Member>> groups, double[] healthy) {
    if (Regions.suffice(healthy, settings.overprovisioning())) {
      return groups.stream().map(_ -> calm).toList();
    }
    if (Regions.isNothingHealthy(healthy)) {
      var decision = panic(members);
      return groups.stream().map(_ -> decision).toList();
    }
    return groups.stream().map(this::panic).toList();
  }

  private Panic panic(List<Member> group) {
    var counts =
        group.stream()
            .filter(this::isServing)
            .collect(groupingBy(Member::health, summingInt(_ -> 1)));
    return Panic.of(counts, settings.panicPercent());
  }

  /** New instances do not count unless all are new: adding some must not send calls away. */
  private double healthyShare(List<Member> group) {
    double all = 0;
    double healthy = 0;
    for (var member : group) {
      if (isAvailable(member)) {
        healthy += warmed(member);
      }
      if (isAvailable(member) || member.health() != Health.NEW) {
        all += member.instance().weight();
      }
    }
    return all == 0 ? 0 : healthy / all;
  }

  private Candidates candidates(List<Member> group, Panic decision) {
    return new Candidates(
        group.stream()
            .filter(this::isServing)
            .filter(member -> decision.usable().contains(member.health()))
            .map(member -> endpoint(member, decision.isPanic()))
            .toList());
  }

  private Endpoint endpoint(Member member, boolean fullWeight) {
    var instance = member.instance();
    return new Endpoint(
        instance,
        member.load,
        fullWeight || !isAvailable(member) ? instance.weight() : warmed(member));
  }

  private Plan plan(List<Group> groups) {
    double sum = groups.stream().mapToDouble(Group::share).sum();
    return new Plan(
        groups.stream().map(group -> balancer(group.candidates)).toList(),
        groups.stream().mapToDouble(group -> group.share / sum).toArray());
  }

  private Balancer balancer(Candidates candidates) {
    return balancers.computeIfAbsent(
        candidates,
        key -> {
          var kept = known.get(key);
          return kept == null ? settings.algorithm().apply(key) : kept;
        });
  }

  /** Calls of bound clients also go to draining instances before the deadline. */
  private Map<String, Endpoint> bound(Map<String, Endpoint> candidates) {
    var bound = new HashMap<>(candidates);
    for (var member : members) {
      if (member.isDraining() && member.health() == Health.HEALTHY && member.drainLeft(now) > 0) {
        bound.putIfAbsent(member.instance().id(), endpoint(member, true));
      }
    }
    return bound;
  }

  private boolean isServing(Member member) {
    return allDraining || !member.isDraining();
  }

  private boolean isAvailable(Member member) {
    return isServing(member) && calm.usable().contains(member.health());
  }

  private double warmed(Member member) {
    return member.instance().weight() * factor(member) / warmest;
  }

  private double factor(Member member) {
    return member.health() == Health.HEALTHY
        ? settings.slowStart().factor(now - member.availableSince())
        : 1;
  }

  private static double weight(Candidates candidates) {
    return candidates.endpoints().stream().mapToDouble(Endpoint::weight).sum();
  }

  private static String id(Endpoint endpoint) {
    return endpoint.instance().id();
  }
}
