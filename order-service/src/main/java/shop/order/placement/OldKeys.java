package shop.order.placement;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.problem.Problem;
import shop.common.time.Polling;
import shop.order.OrderTimings;
import shop.order.archive.Answer;
import shop.order.archive.PlacedRequest;
import shop.order.commands.PendingPlacements;
import shop.order.commands.PendingPlacements.Decision;
import shop.order.redis.RedisUnavailable;
import shop.order.store.Claims;
import shop.order.store.Claims.Claim;
import shop.order.store.Claims.ClaimRequest;
import shop.order.store.Claims.GiveBackResult;

/**
 * Finds out whether an idempotency key that is not in Redis belongs to an order that has left it.
 * PostgreSQL knows, and while it is unavailable, the processor: it answers a repeated command to
 * place an order.
 */
@Component
class OldKeys {

  private static final Logger log = LoggerFactory.getLogger(OldKeys.class);

  /** Longer than a query takes on a busy machine. */
  private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(2);

  /** How long the projector may take to apply the log up to the position of the answer. */
  private static final Duration PROJECTION_TIMEOUT = Duration.ofSeconds(1);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

  private final EarlierOrders earlierOrders;
  private final PendingPlacements placements;
  private final Claims claims;
  private final Duration resultTimeout;

  OldKeys(
      EarlierOrders earlierOrders,
      PendingPlacements placements,
      Claims claims,
      OrderTimings timings) {
    this.earlierOrders = earlierOrders;
    this.placements = placements;
    this.claims = claims;
    this.resultTimeout = timings.resultTimeout();
  }

  /**
   * The order of a key that nobody has claimed; empty if it was never placed.
   *
   * @throws Problem 422 if the key belongs to another request, 503 if PostgreSQL does not tell
   */
  Optional<PlacedRequest> find(ClaimRequest key) {
    @Nullable Answer<Optional<PlacedRequest>> answer = await(earlierOrders.find(key.id()));
    if (answer == null) {
      throw PlacementProblems.olderOrdersUnavailable();
    }
    return answer.value().map(old -> ofSameRequest(old, key));
  }

  /** Begins to look up a key before its command is appended. */
  Lookup begin(ClaimRequest key) {
    return new Lookup(key);
  }

  /** The look-up of a key while its command is appended. */
  final class Lookup implements AutoCloseable {

    private final ClaimRequest key;
    private final CompletableFuture<Decision> decision;
    private final CompletableFuture<Answer<Optional<PlacedRequest>>> stored;

    private Lookup(ClaimRequest key) {
      this.key = key;
      this.decision = placements.register(key.id());
      this.stored = earlierOrders.find(key.id());
    }

    /**
     * Waits for the result, after the append. If the order was placed before, the claim and its
     * pieces are given back.
     *
     * @return the order that was placed before; empty if the command places it
     * @throws Problem 422 if the key belongs to another request, 503 if the order was placed before
     *     and cannot be read, or nobody tells
     */
    Optional<PlacedRequest> await(Claim claim) {
      @Nullable Answer<Optional<PlacedRequest>> answer = OldKeys.await(stored);
      if (answer == null) {
        requirePlaced(claim);
        return Optional.empty();
      }
      answer.value().ifPresent(_ -> giveBack(claim, answer.positions()));
      return answer.value().map(old -> ofSameRequest(old, key));
    }

    private void requirePlaced(Claim claim) {
      if (decided() instanceof Decision.PlacedBefore(var fingerprint, var partition, var offset)) {
        giveBack(claim, Map.of(partition, offset + 1));
        throw fingerprint == null || fingerprint.equals(key.fingerprint())
            ? PlacementProblems.olderOrdersUnavailable()
            : PlacementProblems.otherRequest();
      }
    }

    private Decision decided() {
      try {
        return decision.get(resultTimeout.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException e) {
        throw PlacementProblems.unknown();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw PlacementProblems.unknown();
      }
    }

    @Override
    public void close() {
      placements.remove(key.id());
    }
  }

  private static PlacedRequest ofSameRequest(PlacedRequest old, ClaimRequest key) {
    if (!old.fingerprint().equals(key.fingerprint())) {
      throw PlacementProblems.otherRequest();
    }
    return old;
  }

  /** The answer of PostgreSQL; null if there is none. */
  private static @Nullable Answer<Optional<PlacedRequest>> await(
      CompletableFuture<Answer<Optional<PlacedRequest>>> lookup) {
    try {
      return lookup.get(QUERY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.debug("PostgreSQL does not tell whether an order was placed before", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return null;
  }

  /** If it does not work in time, the pieces are released like those of a crashed request. */
  private void giveBack(Claim claim, Map<TopicPartition, Long> positions) {
    try {
      boolean done =
          Polling.await(
              PROJECTION_TIMEOUT,
              POLL_INTERVAL,
              () -> claims.giveBack(claim, positions) != GiveBackResult.BEHIND);
      log.debug("Gave back the claim of order {}: {}", claim.id(), done);
    } catch (RedisUnavailable e) {
      log.warn("The claim of order {} is not given back: {}", claim.id(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
