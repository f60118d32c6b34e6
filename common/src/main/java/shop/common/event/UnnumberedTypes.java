package shop.common.event;

import java.util.Set;

/**
 * The types of the records on {@code orders} that have no sequence number. They concern an order,
 * but are not part of its history: only order-service reads them, every other reader passes them
 * by. Any other record there without a valid sequence number is malformed.
 */
public final class UnnumberedTypes {

  private static final Set<String> TYPES =
      Set.of(
          "shop.order.command-answered.v1",
          "shop.order.withheld.v1",
          "shop.order.withheld-ended.v1");

  private UnnumberedTypes() {}

  /** True if records of this type have no sequence number. */
  public static boolean contains(String type) {
    return TYPES.contains(type);
  }
}
