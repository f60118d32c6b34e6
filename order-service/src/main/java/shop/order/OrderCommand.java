package shop.order;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.money.Money;
import tools.jackson.databind.JsonNode;

/**
 * A command to an order that was placed. The record's {@code ce_id} is the command's id; the
 * processor accepts each id once.
 */
public sealed interface OrderCommand {

  /** The command's stable type name. */
  String type();

  /** What the caller requested, without who it was: equal for a repeated request. */
  List<?> request();

  /** Recognizes the repeated request. */
  default String fingerprint() {
    return Fingerprint.of(request());
  }

  /** A customer or an admin cancels the order. */
  record Cancel(UUID requestedBy, String reason) implements OrderCommand {
    public static final String TYPE = "shop.order.cancel.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public List<?> request() {
      return List.of(reason);
    }
  }

  /**
   * An admin refunds the order.
   *
   * @param amount null for everything that was not refunded yet
   */
  record Refund(UUID refundId, @Nullable Money amount, String reason, UUID requestedBy)
      implements OrderCommand {
    public static final String TYPE = "shop.order.refund.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public List<?> request() {
      return Arrays.asList(amount, reason);
    }
  }

  /** An admin reports that the order was handed to a carrier. */
  record Ship(UUID shipmentId, String carrier, String trackingNumber, UUID requestedBy)
      implements OrderCommand {
    public static final String TYPE = "shop.order.ship.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public List<?> request() {
      return List.of(carrier, trackingNumber);
    }
  }

  /** An admin reports that the order was delivered. */
  record Deliver(UUID deliveryId, UUID requestedBy) implements OrderCommand {
    public static final String TYPE = "shop.order.deliver.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public List<?> request() {
      return List.of();
    }
  }

  /** The facts of payment-service about an unsettled order, sent by the reconciler. */
  record Settle(List<ReportedFact> facts) {
    public static final String TYPE = "shop.order.settle.v1";
  }

  /** One event of {@code payments}, by its type and data. */
  record ReportedFact(String type, JsonNode data) {}

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
      default -> throw new MalformedEvent("Unknown command type: " + type);
    };
  }
}
