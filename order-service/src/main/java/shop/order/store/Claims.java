package shop.order.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import shop.common.json.Json;
import shop.order.OrderId;
import shop.order.PlaceOrder;

/** The idempotency records: who is at work on a key, and what was answered. */
@Component
public class Claims {

  private final Redis redis;

  Claims(Redis redis) {
    this.redis = redis;
  }

  /** What is known of a key when it is asked for. */
  public sealed interface Found {

    /** Nothing yet: it is the caller's now, for the time of the lease. */
    record Claimed(Claim claim, PlaceOrder command) implements Found {}

    /** Somebody began and went away; the caller goes on with that command. */
    record Resumed(Claim claim, PlaceOrder command) implements Found {}

    /** Somebody is at work on it. */
    record Running(Duration left) implements Found {}

    /** It was answered with this body. */
    record Answered(String body) implements Found {}

    /** The answer is forgotten, but the order is there. */
    record Placed(PlaceOrder order) implements Found {}

    /** The key belongs to another request. */
    record OtherRequest() implements Found {}
  }

  /** The right to work on a key until its lease ends. */
  public record Claim(OrderId id, String owner) {}

  /** Claims the key of an order, or says what is known of it. */
  public Found claim(OrderId id, PlaceOrder command, Duration lease, Duration life) {
    var claim = new Claim(id, UUID.randomUUID().toString());
    var answer =
        claim(
            claim,
            command.fingerprint(),
            lease,
            List.of(Long.toString(life.toMillis()), Json.MAPPER.writeValueAsString(command)));
    return answer.text(0).equals("CLAIMED")
        ? new Found.Claimed(claim, command)
        : found(claim, answer);
  }

  /**
   * What is known of a key, which is claimed only if somebody began with it; empty if nobody did.
   */
  public Optional<Found> find(OrderId id, String fingerprint, Duration lease) {
    var claim = new Claim(id, UUID.randomUUID().toString());
    var answer = claim(claim, fingerprint, lease, List.of());
    return answer.text(0).equals("UNKNOWN") ? Optional.empty() : Optional.of(found(claim, answer));
  }

  private Redis.Answer claim(Claim claim, String fingerprint, Duration lease, List<String> begin) {
    List<String> arguments = new ArrayList<>();
    arguments.add(fingerprint);
    arguments.add(claim.owner());
    arguments.add(Long.toString(lease.toMillis()));
    arguments.addAll(begin);
    return redis.list(
        Script.CLAIM,
        List.of(Keys.idempotency(claim.id()), Keys.order(claim.id()), Keys.IDEMPOTENCY_KEYS),
        arguments);
  }

  private static Found found(Claim claim, Redis.Answer answer) {
    return switch (answer.text(0)) {
      case "RESUMED" -> new Found.Resumed(claim, placeOrder(answer.text(1)));
      case "RUNNING" -> new Found.Running(Duration.ofMillis(Long.parseLong(answer.text(1))));
      case "ANSWERED" -> new Found.Answered(answer.text(1));
      case "PLACED" -> new Found.Placed(placeOrder(answer.text(1)));
      case "OTHER_REQUEST" -> new Found.OtherRequest();
      default -> throw new IllegalStateException("claim.lua answered " + answer.text(0));
    };
  }

  /** Forgets a claim that came to nothing: a corrected request may use the key. */
  public void release(Claim claim) {
    redis.run(Script.RELEASE, List.of(Keys.idempotency(claim.id())), List.of(claim.owner()));
  }

  /** Ends a claim whose outcome is unknown: the same request may resume at once. */
  public void suspend(Claim claim) {
    redis.run(Script.SUSPEND, List.of(Keys.idempotency(claim.id())), List.of(claim.owner()));
  }

  private static PlaceOrder placeOrder(String json) {
    return Json.read(Redis.bytes(json), PlaceOrder.class);
  }
}
