package shop.order;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.money.Money;
import tools.jackson.databind.JsonNode;

/**
 * What somebody asks of an order that was placed. The record's {@code ce_id} names the command; the
 * processor accepts each name once.
 */
public sealed interface OrderCommand {

  /** The command's stable type name. */
  String type();

  /** A customer, or an admin, wants it cancelled. */
  record Cancel(UUID requestedBy, String reason) implements OrderCommand {
    public static final String TYPE = "shop.order.cancel.v1";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * An admin wants money given back.
   *
   * @param amount how much; null for all that is left
   */
  record Refund(UUID refundId, @Nullable Money amount, String reason, UUID requestedBy)
      implements OrderCommand {
    public static final String TYPE = "shop.order.refund.v1";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** An admin says that it was handed to a carrier. */
  record Ship(UUID shipmentId, String carrier, String trackingNumber, UUID requestedBy)
      implements OrderCommand {
    public static final String TYPE = "shop.order.ship.v1";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** An admin says that it arrived. */
  record Deliver(UUID deliveryId, UUID requestedBy) implements OrderCommand {
    public static final String TYPE = "shop.order.deliver.v1";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** What payment-service knows of an order that stays open, repeated by the reconciler. */
  record Settle(List<ToldFact> facts) {
    public static final String TYPE = "shop.order.settle.v1";
  }

  /** One event of {@code payments}, by its type and data. */
  record ToldFact(String type, JsonNode data) {}

  /**
   * Reads a command's data.
   *
   * @throws MalformedEvent if the type is none of these
   * @throws shop.common.json.MalformedJson if the bytes are not that type's data
   */
  static OrderCommand read(String type, byte[] data) {
    return switch (type) {
      case Cancel.TYPE -> Json.read(data, Cancel.class);
      case Refund.TYPE -> Json.read(data, Refund.class);
      case Ship.TYPE -> Json.read(data, Ship.class);
      case Deliver.TYPE -> Json.read(data, Deliver.class);
      default -> throw new MalformedEvent("No command is called " + type);
    };
  }
}
