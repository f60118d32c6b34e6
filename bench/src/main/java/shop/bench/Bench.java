package shop.bench;

import java.util.Arrays;
import shop.bench.age.Age;
import shop.bench.balancing.BalancingPlots;
import shop.bench.baseline.BaselineEndpoint;
import shop.bench.desk.DeskBench;
import shop.bench.gateway.GatewayBench;
import shop.bench.notices.Notices;
import shop.bench.orders.Cold;
import shop.bench.orders.Orders;
import shop.bench.orders.Rebuild;
import shop.bench.payments.Payments;

/** The program behind {@code ./measure}; the first argument selects the measurement. */
public final class Bench {

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    String measurement = arguments.length == 0 ? "" : arguments[0];
    String[] rest =
        arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
    switch (measurement) {
      case "age" -> Age.main(rest);
      case "cold" -> Cold.main(rest);
      case "latency" -> Latency.main(rest);
      case "orders" -> Orders.main(rest);
      case "rebuild" -> Rebuild.main(rest);
      case "payments" -> Payments.main(rest);
      case "desk" -> DeskBench.main(rest);
      case "notices" -> Notices.main(rest);
      case "balancing" -> BalancingPlots.main(rest);
      case "gateway" -> GatewayBench.main(rest);
      case "baseline" -> BaselineEndpoint.main(rest);
      default -> {
        System.err.println(
            "Unknown measurement. Use age, cold, latency, orders, rebuild, payments, notices,"
                + " desk, gateway or balancing");
        System.exit(2);
      }
    }
  }
}
