package shop.order.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
            List.of(Keys.IDEMPOTENCY_KEYS, Keys.RESERVATION_DEADLINES),
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

  /** The result of a claim or a lookup of a key. */
  public sealed interface ClaimResult {

    /** The key is new; the caller holds the claim until the lease ends. */
    record Claimed(Claim claim) implements ClaimResult {}

    /** The lease of an earlier claim has ended; the caller continues with that command. */
    record Resumed(Claim claim, SerializedOrder command) implements ClaimResult {}

    /** Nothing is claimed, because a product has too few pieces. */
    record OutOfStock(Stock.Shortage shortage) implements ClaimResult {}

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
    return execute(request, command.json())
        .orElseThrow(() -> new IllegalStateException("claim.lua did not claim an unknown key"));
  }

  /**
   * Looks up a key and resumes its request if an earlier claim has ended; empty if the key is new.
   */
  public Optional<ClaimResult> find(ClaimRequest request) {
    return execute(request, new byte[0]);
  }

  private Optional<ClaimResult> execute(ClaimRequest request, byte[] command) {
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

  private static Optional<ClaimResult> result(Claim claim, Redis.Reply reply) {
    return switch (reply.text(0)) {
      case "CLAIMED" -> Optional.of(new ClaimResult.Claimed(claim));
      case "RESUMED" ->
          Optional.of(new ClaimResult.Resumed(claim, SerializedOrder.read(reply.bytes(1))));
      case "SHORT" -> Optional.of(new ClaimResult.OutOfStock(Stock.shortage(reply)));
      case "IN_PROGRESS" ->
          Optional.of(new ClaimResult.InProgress(Duration.ofMillis(Long.parseLong(reply.text(1)))));
      case "COMPLETED" -> Optional.of(new ClaimResult.Completed(reply.bytes(1)));
      case "PLACED" -> Optional.of(new ClaimResult.Placed(SerializedOrder.read(reply.bytes(1))));
      case "WITHHELD" ->
          Optional.of(new ClaimResult.Withheld(Json.read(reply.bytes(1), OrderSummary.class)));
      case "KEY_REUSED" -> Optional.of(new ClaimResult.KeyReused());
      case "UNKNOWN" -> Optional.empty();
      default -> throw new IllegalStateException("claim.lua returned " + reply.text(0));
    };
  }

  /** Ends the lease of a claim whose result is unknown: the same request may resume at once. */
  public void suspend(Claim claim) {
    redis.run(Script.SUSPEND, List.of(Keys.idempotency(claim.id())), List.of(claim.owner()));
  }
}
