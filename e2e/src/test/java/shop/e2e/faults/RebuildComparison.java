package shop.e2e.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Invariant I6: a rebuilt Redis equals the one before for what both hold; the other orders are in
 * PostgreSQL at the same version.
 *
 * @param live all entries before the rebuild
 * @param liveOrders version and status of each order
 */
record RebuildComparison(
    Map<String, String> live,
    Map<String, String> liveOrders,
    Map<String, String> rebuilt,
    Map<String, String> rebuiltOrders) {

  private static final Pattern ID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}$");

  /** Such an order was withheld; it has no events that could be counted. */
  private static final String CANCELLED_UNPLACED = "0 CANCELLED";

  /** The differences, each with the key first. */
  List<String> differences(ArchivedOrders archived) {
    List<String> differences = new ArrayList<>();
    var keys = new TreeSet<>(live.keySet());
    keys.addAll(rebuilt.keySet());
    for (var key : keys) {
      if (!Objects.equals(live.get(key), rebuilt.get(key)) && isHeldByBoth(key)) {
        differences.add(
            "%s\n  live    %s\n  rebuilt %s".formatted(key, live.get(key), rebuilt.get(key)));
      }
    }
    addMissing(differences, liveOrders, rebuiltOrders, archived);
    addMissing(differences, rebuiltOrders, liveOrders, archived);
    return differences;
  }

  /** Adjustments leave Redis by their age, like orders. */
  private boolean isHeldByBoth(String key) {
    if (key.startsWith("adjustment")) {
      return live.containsKey(key) && rebuilt.containsKey(key);
    }
    var id = ID.matcher(key);
    return !id.find()
        || (liveOrders.containsKey(id.group()) && rebuiltOrders.containsKey(id.group()));
  }

  private static void addMissing(
      List<String> differences,
      Map<String, String> orders,
      Map<String, String> others,
      ArchivedOrders archived) {
    orders.forEach((id, state) -> {
      String row = archived.orders().getOrDefault(id, "nothing");
      if (!others.containsKey(id)
          && !row.startsWith(state + " ")
          && !state.equals(CANCELLED_UNPLACED)) {
        differences.add("%s\n  Redis      %s\n  PostgreSQL %s".formatted(id, state, row));
      }
    });
  }
}
