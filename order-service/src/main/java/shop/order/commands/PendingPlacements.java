package shop.order.commands;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.order.OrderId;

/** The requests of this instance that wait until the processor has decided to place their order. */
@Component
public class PendingPlacements {

  private final Map<String, CompletableFuture<Decision>> pending = new ConcurrentHashMap<>();

  /** What the processor decided about a command to place an order. */
  public sealed interface Decision {

    /** Its event 1 is in the log: nothing had placed the order before. */
    record Placed() implements Decision {}

    /**
     * The order had been placed, or its first command is a dead letter.
     *
     * @param fingerprint of the request that did; null if it is unknown
     * @param partition of the processor's answer, and of the order's events
     * @param offset of the answer, which comes after them
     */
    record PlacedBefore(@Nullable String fingerprint, TopicPartition partition, long offset)
        implements Decision {}
  }

  /** Registers an order and returns the future decision. To be called before the append. */
  public CompletableFuture<Decision> register(OrderId id) {
    return pending.computeIfAbsent(id.toString(), _ -> new CompletableFuture<>());
  }

  /** Stops waiting for an order. */
  public void remove(OrderId id) {
    pending.remove(id.toString());
  }

  /** True if a request of this instance waits for the order. */
  public boolean contains(String orderId) {
    return pending.containsKey(orderId);
  }

  /** Completes the requests that wait for the order. */
  public void complete(String orderId, Decision decision) {
    var waiting = pending.remove(orderId);
    if (waiting != null) {
      waiting.complete(decision);
    }
  }
}
