package shop.order.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;
import shop.common.json.Json;
import shop.order.OrderId;
import shop.order.OrderSummary;
import shop.order.OrderTimings;
import shop.order.SerializedOrder;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.redis.Script;
import shop.order.redis.ScriptBatcher;

/**
 * The idempotency records: which request holds the claim of a key, and the response that was sent.
 * One step claims a key and reserves the order's pieces.
 */
@Component
public class Claims {

  private final Redis redis;
  private final ScriptBatcher batcher;

  Claims(Redis redis, OrderTimings settings) {
    this.redis = redis;
    this.batcher =
        new ScriptBatcher(
            redis,
            Script.CLAIM,
            List.of(Keys.IDEMPOTENCY_KEYS, Keys.RESERVATION_DEADLINES, Keys.EVICTED),
            List.of(
                settings.lease().toMillis(),
                settings.hold().toMillis(),
                settings.answerTtl().toMillis()));
  }

  /**
   * A request to place an order.
   *
   * @param id the order that the idempotency key identifies
   * @param fingerprint of the request's body
   * @param pieces how many of each SKU
   */
  public record ClaimRequest(OrderId id, String fingerprint, Map<String, Integer> pieces) {}

  /**
   * The result of a claim or a lookup of a key. Where {@code mayBeOld} is true, the key may belong
   * to an order that has left Redis.
   */
  public sealed interface ClaimResult {

    /** The key is not in Redis; the caller holds the claim until the lease ends. */
    record Claimed(Claim claim, boolean mayBeOld) implements ClaimResult {}

    /** The lease of an earlier claim has ended; the caller continues with that command. */
    record Resumed(Claim claim, SerializedOrder command, boolean mayBeOld) implements ClaimResult {}

    /** Nothing is claimed, because a product has too few pieces. */
    record OutOfStock(Stock.Shortage shortage, boolean mayBeOld) implements ClaimResult {}

    /** The key is not in Redis; a lookup claims nothing. */
    record Unknown(boolean mayBeOld) implements ClaimResult {}

    /** Another request holds the claim for this much longer. */
    record InProgress(Duration remaining) implements ClaimResult {}

    /** The request was completed by a response with this body. */
    @SuppressWarnings("ArrayRecordComponent") // bytes are bytes; nothing compares them
    record Completed(byte[] body) implements ClaimResult {}

    /** The order is in the log, but its response was never stored, or has expired. */
    record Placed(SerializedOrder order) implements ClaimResult {}

    /** The order is withheld, or was cancelled while it was; its response is not stored. */
    record Withheld(OrderSummary summary) implements ClaimResult {}

    /** The key was used for a different request. */
    record KeyReused() implements ClaimResult {}
  }

  /** The right to process the request of a key until the lease ends. */
  public record Claim(OrderId id, String owner) {}

  /**
   * Claims the key of an order and reserves its pieces, or returns what is stored under the key.
   */
  public ClaimResult claim(ClaimRequest request, SerializedOrder command) {
    return execute(request, command.json());
  }

  /** Looks up a key and resumes its request if an earlier claim has ended. */
  public ClaimResult find(ClaimRequest request) {
    return execute(request, new byte[0]);
  }

  private ClaimResult execute(ClaimRequest request, byte[] command) {
    var claim = new Claim(request.id(), UUID.randomUUID().toString());
    List<String> keys = new ArrayList<>();
    keys.add(Keys.idempotency(request.id()));
    keys.add(Keys.order(request.id()));
    keys.add(Keys.reservation(request.id()));
    List<Object> arguments = new ArrayList<>();
    arguments.add(request.fingerprint());
    arguments.add(claim.owner());
    arguments.add(request.id());
    arguments.add(command);
    arguments.add(2 * request.pieces().size());
    request
        .pieces()
        .forEach((sku, quantity) -> {
          keys.add(Keys.stock(sku));
          arguments.add(sku);
          arguments.add(quantity);
        });
    return result(claim, batcher.execute(keys, arguments));
  }

  private static ClaimResult result(Claim claim, Redis.Reply reply) {
    return switch (reply.text(0)) {
      case "CLAIMED" -> new ClaimResult.Claimed(claim, reply.isOne(1));
      case "RESUMED" ->
          new ClaimResult.Resumed(claim, SerializedOrder.read(reply.bytes(1)), reply.isOne(2));
      case "SHORT" -> new ClaimResult.OutOfStock(Stock.shortage(reply), reply.isOne(3));
      case "IN_PROGRESS" ->
          new ClaimResult.InProgress(Duration.ofMillis(Long.parseLong(reply.text(1))));
      case "COMPLETED" -> new ClaimResult.Completed(reply.bytes(1));
      case "PLACED" -> new ClaimResult.Placed(SerializedOrder.read(reply.bytes(1)));
      case "WITHHELD" -> new ClaimResult.Withheld(Json.read(reply.bytes(1), OrderSummary.class));
      case "KEY_REUSED" -> new ClaimResult.KeyReused();
      case "UNKNOWN" -> new ClaimResult.Unknown(reply.isOne(1));
      default -> throw new IllegalStateException("claim.lua returned " + reply.text(0));
    };
  }

  /** The result of giving back a claim. */
  public enum GiveBackResult {
    GIVEN_BACK,
    /** The order is in Redis, and the pieces are its own. */
    HELD,
    /** Another request has resumed the claim. */
    OTHER_OWNER,
    /** Redis has not applied the log up to the positions yet. */
    BEHIND
  }

  /**
   * Gives back a claim and its pieces, if its order was placed before and has left Redis.
   *
   * @param positions offsets beyond the order's event 1, or of the whole log when it had that
   */
  public GiveBackResult giveBack(Claim claim, Map<TopicPartition, Long> positions) {
    var id = claim.id();
    List<Object> arguments = new ArrayList<>(List.of(claim.owner(), id));
    positions.forEach((partition, next) -> {
      arguments.add(Keys.position(partition));
      arguments.add(next);
    });
    return GiveBackResult.valueOf(
        redis.runForText(
            Script.GIVE_BACK,
            List.of(
                Keys.idempotency(id),
                Keys.order(id),
                Keys.reservation(id),
                Keys.RESERVATION_DEADLINES,
                Keys.POSITIONS),
            arguments));
  }

  /** Ends the lease of a claim whose result is unknown: the same request may resume at once. */
  public void suspend(Claim claim) {
    redis.run(Script.SUSPEND, List.of(Keys.idempotency(claim.id())), List.of(claim.owner()));
  }
}
