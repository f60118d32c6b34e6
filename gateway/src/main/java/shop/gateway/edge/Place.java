package shop.gateway.edge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import shop.balancing.Locality;

/** Localities as text: {@code eu}, or with a zone {@code eu/a}. */
final class Place {

  private static final String NAME = "[A-Za-z0-9._-]{1,63}";
  private static final Pattern PLACE = Pattern.compile("(" + NAME + ")(?:/(" + NAME + "))?");

  private Place() {}

  /** The place; null if the text is none. */
  static @Nullable Locality parse(String text) {
    var matcher = PLACE.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    var zone = matcher.group(2);
    return new Locality(matcher.group(1), zone == null ? "" : zone);
  }

  /**
   * The places of blocks of addresses.
   *
   * @param entries of the form {@code 10.0.0.0/8=eu/a}
   * @throws IllegalArgumentException if one is malformed, or two are of one block
   */
  static CidrTable<Locality> table(List<String> entries) {
    Map<Cidr, Locality> all = new HashMap<>();
    for (var entry : entries) {
      var parts = entry.split("=", 2);
      var place = parts.length < 2 ? null : parse(parts[1].strip());
      if (place == null) {
        throw new IllegalArgumentException(
            "'" + entry + "' names no region; use the form 10.0.0.0/8=region/zone");
      }
      if (all.put(Cidr.parse(parts[0]), place) != null) {
        throw new IllegalArgumentException("'" + parts[0] + "' has two regions");
      }
    }
    return new CidrTable<>(all);
  }
}
