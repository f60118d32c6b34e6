package shop.order.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import shop.order.OrderId;
import shop.order.OrderTimings;
import shop.order.SerializedOrder;

/**
 * The idempotency records: who is at work on a key, and what was answered. Whoever gets a key to
 * work on has the order's pieces set aside by the same step.
 */
@Component
public class Claims {

  private final Redis redis;
  private final ScriptBatcher claims;

  Claims(Redis redis, OrderTimings settings) {
    this.redis = redis;
    this.claims =
        new ScriptBatcher(
            redis,
            Script.CLAIM,
            List.of(Keys.IDEMPOTENCY_KEYS, Keys.RESERVATION_DEADLINES),
            List.of(
                settings.lease().toMillis(),
                settings.hold().toMillis(),
                settings.answerLife().toMillis()));
  }

  /**
   * What is asked for.
   *
   * @param id the order that the key stands for
   * @param fingerprint of the request
   * @param pieces how many of each SKU
   */
  public record Wish(OrderId id, String fingerprint, Map<String, Integer> pieces) {}

  /** What is known of a key when it is asked for. */
  public sealed interface Found {

    /** Nothing yet: it is the caller's now, for the time of the lease. */
    record Claimed(Claim claim) implements Found {}

    /** Somebody began and went away; the caller goes on with that command. */
    record Resumed(Claim claim, SerializedOrder command) implements Found {}

    /** It could be worked on, if there were enough of a product; nothing is claimed. */
    record OutOfStock(Stock.Shortage shortage) implements Found {}

    /** Somebody is at work on it. */
    record Running(Duration left) implements Found {}

    /** It was answered with this body. */
    @SuppressWarnings("ArrayRecordComponent") // bytes are bytes; nothing compares them
    record Answered(byte[] body) implements Found {}

    /** The order is in the log, but its answer was never kept, or is forgotten. */
    record Placed(SerializedOrder order) implements Found {}

    /** The key belongs to another request. */
    record OtherRequest() implements Found {}
  }

  /** The right to work on a key until its lease ends. */
  public record Claim(OrderId id, String owner) {}

  /** Claims the key of an order and sets its pieces aside, or says what is known of it. */
  public Found claim(Wish wish, SerializedOrder command) {
    return ask(wish, command.json())
        .orElseThrow(() -> new IllegalStateException("claim.lua did not begin"));
  }

  /**
   * What is known of a key, which is claimed only if somebody began with it; empty if nobody did.
   */
  public Optional<Found> find(Wish wish) {
    return ask(wish, new byte[0]);
  }

  private Optional<Found> ask(Wish wish, byte[] command) {
    var claim = new Claim(wish.id(), UUID.randomUUID().toString());
    List<String> keys = new ArrayList<>();
    keys.add(Keys.idempotency(wish.id()));
    keys.add(Keys.order(wish.id()));
    keys.add(Keys.reservation(wish.id()));
    List<Object> arguments = new ArrayList<>();
    arguments.add(wish.fingerprint());
    arguments.add(claim.owner());
    arguments.add(wish.id());
    arguments.add(command);
    arguments.add(2 * wish.pieces().size());
    wish.pieces()
        .forEach((sku, quantity) -> {
          keys.add(Keys.stock(sku));
          arguments.add(sku);
          arguments.add(quantity);
        });
    return found(claim, claims.ask(keys, arguments));
  }

  private static Optional<Found> found(Claim claim, Redis.Answer answer) {
    return switch (answer.text(0)) {
      case "CLAIMED" -> Optional.of(new Found.Claimed(claim));
      case "RESUMED" ->
          Optional.of(new Found.Resumed(claim, SerializedOrder.read(answer.bytes(1))));
      case "SHORT" -> Optional.of(new Found.OutOfStock(Stock.shortage(answer)));
      case "RUNNING" ->
          Optional.of(new Found.Running(Duration.ofMillis(Long.parseLong(answer.text(1)))));
      case "ANSWERED" -> Optional.of(new Found.Answered(answer.bytes(1)));
      case "PLACED" -> Optional.of(new Found.Placed(SerializedOrder.read(answer.bytes(1))));
      case "OTHER_REQUEST" -> Optional.of(new Found.OtherRequest());
      case "UNKNOWN" -> Optional.empty();
      default -> throw new IllegalStateException("claim.lua answered " + answer.text(0));
    };
  }

  /** Ends a claim whose outcome is unknown: the same request may resume at once. */
  public void suspend(Claim claim) {
    redis.run(Script.SUSPEND, List.of(Keys.idempotency(claim.id())), List.of(claim.owner()));
  }
}
