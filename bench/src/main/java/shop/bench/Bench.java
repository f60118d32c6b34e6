package shop.bench;

import java.util.Arrays;
import shop.bench.baseline.BaselineEndpoint;
import shop.bench.desk.DeskBench;
import shop.bench.notices.Notices;
import shop.bench.orders.Orders;
import shop.bench.orders.Rebuild;
import shop.bench.payments.Payments;

/** What {@code ./measure} runs: the first argument names the measurement. */
public final class Bench {

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    String what = arguments.length == 0 ? "" : arguments[0];
    String[] rest =
        arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
    switch (what) {
      case "latency" -> Latency.main(rest);
      case "orders" -> Orders.main(rest);
      case "rebuild" -> Rebuild.main(rest);
      case "payments" -> Payments.main(rest);
      case "desk" -> DeskBench.main(rest);
      case "notices" -> Notices.main(rest);
      case "bare" -> BaselineEndpoint.main(rest);
      default -> {
        System.err.println(
            "Say what to measure: latency, orders, rebuild, payments, notices or desk");
        System.exit(2);
      }
    }
  }
}
