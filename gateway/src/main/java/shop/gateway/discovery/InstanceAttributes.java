package shop.gateway.discovery;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import shop.balancing.Locality;

/**
 * What the fragment of an instance's URL says of it: {@code weight=3&region=eu&zone=a&priority=1}.
 *
 * @param weight 1 if it is not given
 * @param priority 0 if it is not given
 */
record InstanceAttributes(int weight, Locality locality, int priority) {

  /** Names that all kinds of URLs may use. */
  static final Set<String> ALL = Set.of("weight", "region", "zone", "priority");

  /** Names for instances of which DNS gives weight and priority. */
  static final Set<String> PLACE = Set.of("region", "zone");

  /**
   * Parses a fragment.
   *
   * @throws IllegalArgumentException if a name is not allowed or occurs twice, or a number is none
   */
  static InstanceAttributes parse(@Nullable String fragment, Set<String> allowed) {
    var attributes = new HashMap<String, String>();
    if (fragment != null) {
      for (var pair : fragment.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals < 1
            || !allowed.contains(pair.substring(0, equals))
            || attributes.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
          throw new IllegalArgumentException("'" + pair + "' is unknown or repeated");
        }
      }
    }
    return new InstanceAttributes(
        number(attributes, "weight", 1),
        new Locality(attributes.getOrDefault("region", ""), attributes.getOrDefault("zone", "")),
        number(attributes, "priority", 0));
  }

  private static int number(Map<String, String> attributes, String name, int otherwise) {
    var text = attributes.get(name);
    return text == null ? otherwise : Integer.parseInt(text);
  }
}
