package shop.order.placement;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import shop.common.json.Json;
import shop.common.problem.Problem;
import shop.order.Deadline;
import shop.order.IdempotencyKey;
import shop.order.Order;
import shop.order.OrderId;
import shop.order.OrderSummary;
import shop.order.OrderTimings;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;
import shop.order.archive.PlacedRequest;
import shop.order.commands.CommandLog;
import shop.order.commands.OutcomeUnknown;
import shop.order.redis.RedisUnavailable;
import shop.order.storage.LogStorage;
import shop.order.store.Claims;
import shop.order.store.Claims.Claim;
import shop.order.store.Claims.ClaimRequest;
import shop.order.store.Claims.ClaimResult;
import shop.order.store.InFlight;
import shop.order.store.InFlight.InFlightCommand;
import shop.order.store.OrderView;

/**
 * Accepts orders: prices the items, claims the idempotency key and reserves the stock, appends the
 * command, and shows the order. After a crash at any of these steps a repeated request resumes
 * where the first one stopped.
 */
@Service
public class Placement {

  private static final Logger log = LoggerFactory.getLogger(Placement.class);

  private final LogStorage storage;
  private final Pricing pricing;
  private final Claims claims;
  private final CommandLog commands;
  private final OldKeys oldKeys;
  private final OrderView view;
  private final InFlight inFlight;
  private final OrderTimings timings;
  private final Clock clock;

  Placement(
      LogStorage storage,
      Pricing pricing,
      Claims claims,
      CommandLog commands,
      OldKeys oldKeys,
      OrderView view,
      InFlight inFlight,
      OrderTimings timings,
      Clock clock) {
    this.storage = storage;
    this.pricing = pricing;
    this.claims = claims;
    this.commands = commands;
    this.oldKeys = oldKeys;
    this.view = view;
    this.inFlight = inFlight;
    this.timings = timings;
    this.clock = clock;
  }

  /**
   * The response to a request with a key.
   *
   * @param id of the order
   * @param body JSON, byte for byte the same for every request with this key
   * @param replayed whether an earlier request placed the order
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes are bytes; nothing compares them
  public record Response(OrderId id, byte[] body, boolean replayed) {}

  /**
   * Places an order, once for all requests with the same key.
   *
   * @throws Problem 409 if another request with this key is in progress or a product is out of
   *     stock, 422 if the key belongs to another request or the order cannot be priced, 503 if it
   *     is not known whether the order was accepted, or the log has no room for a new one
   */
  public Response place(UUID customerId, IdempotencyKey key, OrderRequest request) {
    Instant start = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var claimRequest =
        new ClaimRequest(OrderId.of(customerId, key), request.fingerprint(), request.pieces());
    SerializedOrder command;
    try {
      command =
          SerializedOrder.of(command(customerId, key, claimRequest.fingerprint(), request, start));
    } catch (Problem invalid) {
      // The request can no longer be priced, or no new order is accepted, but this key may have
      // placed
      // the order before.
      return respond(claimRequest, request, start, () -> claims.find(claimRequest), null, invalid);
    }
    return respond(
        claimRequest, request, start, () -> claims.claim(claimRequest, command), command, null);
  }

  /**
   * Responds to a request after a claim or a look-up of its key.
   *
   * @param command null if the request cannot be priced any more
   * @param invalid the reason then; null otherwise
   */
  private Response respond(
      ClaimRequest key,
      OrderRequest request,
      Instant start,
      Supplier<ClaimResult> claiming,
      @Nullable SerializedOrder command,
      @Nullable Problem invalid) {
    var id = key.id();
    try (var inFlightCommand = inFlight.begin()) {
      return switch (claiming.get()) {
        case ClaimResult.Claimed(var claim, var mayBeOld) -> {
          var attempt = new Attempt(key, request, start, claim, requireNonNull(command));
          yield mayBeOld
              ? acceptUnlessOld(attempt, inFlightCommand)
              : accept(attempt, inFlightCommand);
        }
        case ClaimResult.Resumed(var claim, var resumed, var mayBeOld) -> {
          var attempt = new Attempt(key, request, start, claim, resumed);
          yield mayBeOld
              ? acceptUnlessOld(attempt, inFlightCommand)
              : accept(attempt, inFlightCommand);
        }
        case ClaimResult.OutOfStock(var shortage, var mayBeOld) ->
            earlier(key, request, mayBeOld)
                .orElseThrow(() -> PlacementProblems.outOfStock(shortage));
        case ClaimResult.Unknown(var mayBeOld) ->
            earlier(key, request, mayBeOld).orElseThrow(() -> requireNonNull(invalid));
        case ClaimResult.Completed(var body) -> new Response(id, body, true);
        case ClaimResult.Placed(var placed) -> new Response(id, replay(id, placed), true);
        case ClaimResult.Withheld(var summary) ->
            new Response(id, withheldBody(id, summary, request), true);
        case ClaimResult.InProgress(var left) -> throw PlacementProblems.running(left);
        case ClaimResult.KeyReused() -> throw PlacementProblems.otherRequest();
      };
    }
  }

  private PlaceOrder command(
      UUID customerId, IdempotencyKey key, String fingerprint, OrderRequest request, Instant now) {
    storage.requireRoom();
    var items = pricing.price(request);
    return new PlaceOrder(
        customerId,
        key.value(),
        fingerprint,
        items,
        Pricing.total(items),
        request.paymentMethod(),
        request.shippingAddress(),
        now);
  }

  /** A request that holds the claim of its key. */
  private record Attempt(
      ClaimRequest key,
      OrderRequest request,
      Instant start,
      Claim claim,
      SerializedOrder command) {}

  private Response accept(Attempt attempt, InFlightCommand inFlightCommand) {
    append(attempt, inFlightCommand);
    return show(attempt);
  }

  /** Appends the command while it is found out whether the key belongs to an older order. */
  private Response acceptUnlessOld(Attempt attempt, InFlightCommand inFlightCommand) {
    try (var lookup = oldKeys.begin(attempt.key())) {
      append(attempt, inFlightCommand);
      return lookup
          .await(attempt.claim())
          .map(old -> replay(old, attempt.request()))
          .orElseGet(() -> show(attempt));
    }
  }

  private void append(Attempt attempt, InFlightCommand inFlightCommand) {
    var claim = attempt.claim();
    var id = claim.id();
    var deadline = new Deadline(attempt.start().plus(timings.deadline()));
    try {
      commands.append(id, attempt.command(), attempt.start(), deadline);
    } catch (OutcomeUnknown e) {
      inFlightCommand.markUnknown(deadline);
      log.warn(
          "It is unknown whether order {} was accepted; the client gets 503: {}",
          id,
          e.getMessage());
      claims.suspend(claim);
      throw e.clockExplanation()
          .map(PlacementProblems::clocksDiffer)
          .orElseGet(PlacementProblems::unknown);
    }
  }

  private Response show(Attempt attempt) {
    var id = attempt.claim().id();
    var command = attempt.command();
    byte[] body = body(id, command);
    try {
      view.accept(id, command, body, timings.answerTtl());
    } catch (RedisUnavailable e) {
      log.warn(
          "Order {} is in the log, but not visible until the projector applies it; the client gets"
              + " 503: {}",
          id,
          e.getMessage());
      // A 201 would name an order that nobody finds yet.
      throw Problem.unavailable(
          "The order was received, but cannot be shown yet. Repeat the request with the same"
              + " Idempotency-Key",
          Duration.ofSeconds(2));
    }
    return new Response(id, body, false);
  }

  /** The response to a request whose key may belong to an order that has left Redis. */
  private Optional<Response> earlier(ClaimRequest key, OrderRequest request, boolean mayBeOld) {
    return mayBeOld ? oldKeys.find(key).map(old -> replay(old, request)) : Optional.empty();
  }

  private Response replay(PlacedRequest old, OrderRequest request) {
    var id = old.id();
    byte[] body =
        old.command() == null
            ? withheldBody(id, requireNonNull(old.withheld()), request)
            : replay(id, old.command());
    return new Response(id, body, true);
  }

  /** Both requests have the same fingerprint, and thus the same address. */
  private static byte[] withheldBody(OrderId id, OrderSummary summary, OrderRequest request) {
    return Json.bytes(Order.accepted(id, summary, request.shippingAddress()));
  }

  /** The response to an order that is in the view, stored under its key again if that works. */
  private byte[] replay(OrderId id, SerializedOrder order) {
    byte[] body = body(id, order);
    try {
      view.accept(id, order, body, timings.answerTtl());
    } catch (RedisUnavailable e) {
      log.warn("The response to order {} is not stored again: {}", id, e.getMessage());
    }
    return body;
  }

  private static byte[] body(OrderId id, SerializedOrder order) {
    return Json.bytes(Order.accepted(id, order.order()));
  }
}
