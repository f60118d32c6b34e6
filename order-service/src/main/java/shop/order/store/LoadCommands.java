package shop.order.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shop.order.OrderSnapshot;
import shop.order.redis.Keys;

/** The commands that write a part of a load: the same data as {@code apply.lua} writes. */
final class LoadCommands {

  /** What one command takes: Lua passes at most some thousand arguments. */
  private static final int MAX_ENTRIES = 500;

  private final List<Command> commands = new ArrayList<>();

  /** Members of sorted sets, each preceded by its score: one command for each set. */
  private final Map<String, List<Object>> members = new LinkedHashMap<>();

  private record Command(String name, String key, List<?> arguments) {}

  void add(OrderSnapshot order) {
    var id = order.id();
    commands.add(new Command("HSET", Keys.order(id), hash(order)));
    var timeline = order.timeline();
    for (int from = 0; from < timeline.size(); from += MAX_ENTRIES) {
      int to = Math.min(timeline.size(), from + MAX_ENTRIES);
      commands.add(new Command("RPUSH", Keys.timeline(id), timeline.subList(from, to)));
    }
    if (!order.pieces().isEmpty()) {
      commands.add(new Command("HSET", Keys.reservation(id), pairs(order.pieces())));
    }
    enter(order, Keys.ALL_ORDERS);
    enter(order, Keys.allOrders(order.status()));
    enter(order, Keys.ordersOf(order.customerId()));
    enter(order, Keys.ordersOf(order.customerId(), order.status()));
    if (!order.status().isSettled()) {
      enter(order, Keys.UNSETTLED);
    }
  }

  private static List<Object> hash(OrderSnapshot order) {
    List<Object> hash = new ArrayList<>();
    hash.addAll(List.of("version", order.version(), "status", order.status().name()));
    hash.addAll(List.of("customer", order.customerId(), "created", order.createdMillis()));
    hash.addAll(List.of("fingerprint", order.fingerprint()));
    if (order.command() != null) {
      hash.addAll(List.of("placed", order.command()));
    }
    if (order.withheld() != null) {
      hash.addAll(List.of("withheld", order.withheld()));
    }
    hash.addAll(pairs(order.fields()));
    return hash;
  }

  private static List<Object> pairs(Map<String, ?> map) {
    List<Object> pairs = new ArrayList<>();
    map.forEach((name, value) -> pairs.addAll(List.of(name, value)));
    return pairs;
  }

  private void enter(OrderSnapshot order, String list) {
    members
        .computeIfAbsent(list, _ -> new ArrayList<>())
        .addAll(List.of(order.createdMillis(), order.id()));
  }

  void addStock(String sku, long pieces) {
    commands.add(new Command("SET", Keys.stock(sku), List.of(pieces)));
  }

  void addAdjustment(String sku, String id, long delta, String fingerprint, long recordedMillis) {
    commands.add(
        new Command("HSET", Keys.adjustments(sku), List.of(id, delta + " " + fingerprint)));
    members
        .computeIfAbsent(Keys.ADJUSTMENT_TIMES, _ -> new ArrayList<>())
        .addAll(List.of(recordedMillis, id + " " + sku));
  }

  /** Adds the commands to the keys and arguments of {@code load.lua}. */
  void addTo(List<String> keys, List<Object> arguments) {
    commands.forEach(command -> addTo(keys, arguments, command));
    members.forEach((list, entries) -> addTo(keys, arguments, new Command("ZADD", list, entries)));
  }

  private static void addTo(List<String> keys, List<Object> arguments, Command command) {
    keys.add(command.key());
    arguments.add(command.name());
    arguments.add(command.arguments().size());
    arguments.addAll(command.arguments());
  }
}
