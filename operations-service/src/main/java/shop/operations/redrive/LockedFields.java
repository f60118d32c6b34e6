package shop.operations.redrive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a message's body that an edit must not change: identity, money, quantities, and the
 * age of an order. The event envelope is in headers, which an edit cannot change.
 */
public final class LockedFields {

  private static final Set<String> NAMES =
      Set.of(
          // identity
          "id",
          "type",
          "idempotencyKey",
          "fingerprint",
          "sequence",
          "orderSequence",
          "attempt",
          "version",
          // money and goods
          "amount",
          "currency",
          "price",
          "unitPrice",
          "lineTotal",
          "total",
          "refundedTotal",
          "sku",
          "quantity",
          "delta",
          // which stores have an order depends on its age
          "createdAt",
          "placedAt");

  private LockedFields() {}

  /** JSON pointers (RFC 6901) of the locked fields that were changed, added or removed. */
  public static List<String> changed(JsonNode original, JsonNode edited) {
    Map<String, JsonNode> before = new LinkedHashMap<>();
    Map<String, JsonNode> after = new LinkedHashMap<>();
    collect(original, "", false, before);
    collect(edited, "", false, after);
    return Stream.concat(before.keySet().stream(), after.keySet().stream())
        .distinct()
        .filter(pointer -> !Objects.equals(before.get(pointer), after.get(pointer)))
        .toList();
  }

  /** True if fields of this name are locked, at any depth. */
  private static boolean isLocked(String name) {
    return NAMES.contains(name) || name.endsWith("Id");
  }

  private static void collect(
      JsonNode node, String pointer, boolean locked, Map<String, JsonNode> into) {
    if (locked && (!node.isContainer() || node.isEmpty())) {
      into.put(pointer, node);
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        collect(node.get(i), pointer + "/" + i, locked, into);
      }
    }
    node.properties()
        .forEach(field ->
            collect(
                field.getValue(),
                pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1"),
                locked || isLocked(field.getKey()),
                into));
  }
}
