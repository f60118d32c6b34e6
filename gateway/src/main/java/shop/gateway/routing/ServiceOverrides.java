package shop.gateway.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import shop.balancing.Algorithm;
import shop.balancing.Instance;
import shop.common.problem.Violation;

/**
 * What an admin has changed of a service's settings; everything else is as the configuration says.
 *
 * @param algorithm name of an {@link Algorithm}; null as configured
 * @param hashKey what algorithms that choose by a hash keep together; null as configured
 * @param panicPercent 0 to 100; null as configured
 * @param weights by instance id, each 0 to {@value Instance#MAX_WEIGHT}; instances that are not
 *     listed keep theirs
 */
public record ServiceOverrides(
    @Nullable String algorithm,
    @Nullable String hashKey,
    @Nullable Integer panicPercent,
    Map<String, Integer> weights) {

  /** Nothing is changed. */
  public static final ServiceOverrides NONE = new ServiceOverrides(null, null, null, Map.of());

  private static final int MAX_WEIGHTS = 1000;
  private static final int MAX_TEXT = 300;
  private static final int MAX_PERCENT = 100;

  /** Copies the weights, sorted by id. */
  public ServiceOverrides {
    weights = sorted(weights);
  }

  private static SortedMap<String, Integer> sorted(@Nullable Map<String, Integer> weights) {
    return Collections.unmodifiableSortedMap(
        weights == null ? new TreeMap<>() : new TreeMap<>(weights));
  }

  /** What is wrong with the values; empty if they are valid. */
  public List<Violation> violations() {
    var found = new ArrayList<Violation>();
    if (algorithm != null) {
      check(found, "/algorithm", algorithm, Algorithm::named);
    }
    if (hashKey != null) {
      check(found, "/hashKey", hashKey, HashKey::named);
    }
    if (panicPercent != null && (panicPercent < 0 || panicPercent > MAX_PERCENT)) {
      found.add(new Violation("/panicPercent", "Allowed are 0 to " + MAX_PERCENT));
    }
    if (weights.size() > MAX_WEIGHTS) {
      found.add(new Violation("/weights", "Allowed are at most " + MAX_WEIGHTS));
    } else {
      weights.forEach((id, weight) -> checkWeight(found, id, weight));
    }
    return found;
  }

  private interface Parser {
    Object parse(String text);
  }

  private static void check(List<Violation> found, String pointer, String text, Parser parser) {
    if (text.length() > MAX_TEXT) {
      found.add(new Violation(pointer, "Allowed are at most " + MAX_TEXT + " characters"));
      return;
    }
    try {
      var _ = parser.parse(text);
    } catch (IllegalArgumentException e) {
      found.add(new Violation(pointer, String.valueOf(e.getMessage())));
    }
  }

  private static void checkWeight(List<Violation> found, String id, @Nullable Integer weight) {
    if (id.length() > MAX_TEXT) {
      found.add(
          new Violation("/weights", "An instance id has at most " + MAX_TEXT + " characters"));
    } else if (weight == null || weight < 0 || weight > Instance.MAX_WEIGHT) {
      found.add(new Violation(pointer(id), "Allowed are 0 to " + Instance.MAX_WEIGHT));
    }
  }

  /** The JSON pointer to the weight of an instance. */
  public static String pointer(String instance) {
    return "/weights/" + instance.replace("~", "~0").replace("/", "~1");
  }

  /** The instance with its overridden weight, if it has one. */
  public Instance applyTo(Instance instance) {
    return new Instance(
        instance.id(),
        instance.address(),
        weights.getOrDefault(instance.id(), instance.weight()),
        instance.locality(),
        instance.priority(),
        instance.drainTime());
  }
}
