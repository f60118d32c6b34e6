package shop.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RebuildComparisonTest {

  private static final String A = "00000000-0000-0000-0000-00000000000a";
  private static final String B = "00000000-0000-0000-0000-00000000000b";

  private final Map<String, String> live =
      Map.of(
          "order:" + A,
          "confirmed",
          "order:" + B,
          "shipped",
          "all-orders " + A,
          "1",
          "all-orders " + B,
          "2",
          "adjustments:CUP old",
          "7",
          "stock:CUP",
          "5");
  private final Map<String, String> liveOrders = Map.of(A, "2 CONFIRMED", B, "3 SHIPPED");
  private final Map<String, String> archived = Map.of(A, "2 CONFIRMED 2", B, "3 SHIPPED 3");

  @Test
  void anOrderThatIsInPostgresAtTheSameVersionMayBeMissing() {
    var rebuilt = Map.of("order:" + A, "confirmed", "all-orders " + A, "1", "stock:CUP", "5");

    assertThat(differences(rebuilt, Map.of(A, "2 CONFIRMED"), archived)).isEmpty();
  }

  @Test
  void anOrderThatPostgresDoesNotHaveAtTheSameVersionMayNot() {
    var rebuilt = Map.of("order:" + A, "confirmed", "all-orders " + A, "1", "stock:CUP", "5");
    var rebuiltOrders = Map.of(A, "2 CONFIRMED");

    assertThat(differences(rebuilt, rebuiltOrders, Map.of(B, "2 CONFIRMED 2"))).hasSize(1);
    assertThat(differences(rebuilt, rebuiltOrders, Map.of())).hasSize(1);
  }

  @Test
  void whatBothHoldMustBeEqual() {
    for (var key : List.of("order:" + A, "all-orders " + B, "stock:CUP")) {
      var rebuilt = new TreeMap<>(live);
      rebuilt.put(key, "another");
      assertThat(differences(rebuilt, liveOrders, archived)).hasSize(1);
      rebuilt.remove(key);
      assertThat(differences(rebuilt, liveOrders, archived)).hasSize(1);
    }
  }

  private List<String> differences(
      Map<String, String> rebuilt,
      Map<String, String> rebuiltOrders,
      Map<String, String> archivedOrders) {
    return new RebuildComparison(live, liveOrders, rebuilt, rebuiltOrders)
        .differences(new ArchivedOrders(archivedOrders, Map.of()));
  }
}
