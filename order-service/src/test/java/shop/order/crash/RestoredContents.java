package shop.order.crash;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a load restores of the contents of Redis: not the stored responses, which are rendered
 * again. Members of lists are entries of their own, so that two Redis can be compared for the
 * orders that both hold.
 */
public final class RestoredContents {

  private static final Pattern ORDER =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}$");
  private static final Pattern LIST = Pattern.compile("orders:.*|all-orders.*|unsettled");

  private RestoredContents() {}

  /** Of all orders. */
  public static Map<String, String> of(Map<String, String> everything) {
    return of(everything, _ -> true);
  }

  /**
   * What is not about an order, and what is about some of them.
   *
   * @param everything from {@link RedisContents#everything}
   * @param orders which orders to retain, by their ids
   */
  public static Map<String, String> of(Map<String, String> everything, Predicate<String> orders) {
    Map<String, String> entries = new TreeMap<>();
    everything.forEach((key, content) -> {
      if (LIST.matcher(key).matches()) {
        for (var member : content.split(", ", -1)) {
          String[] parts = member.split(" ", 2);
          entries.put(key + " " + parts[1], parts[0]);
        }
      } else if (!key.startsWith("idempotency:")) {
        entries.put(key, content);
      }
    });
    entries.keySet().removeIf(entry -> isOfAnother(entry, orders));
    return entries;
  }

  private static boolean isOfAnother(String entry, Predicate<String> orders) {
    var id = ORDER.matcher(entry);
    return id.find() && !orders.test(id.group());
  }
}
