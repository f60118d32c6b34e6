package shop.order.placement;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import shop.common.json.Json;
import shop.common.problem.Problem;
import shop.order.Deadline;
import shop.order.IdempotencyKey;
import shop.order.Order;
import shop.order.OrderId;
import shop.order.OrderTimings;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;
import shop.order.commands.CommandLog;
import shop.order.commands.OutcomeUnknown;
import shop.order.redis.RedisUnavailable;
import shop.order.store.Claims;
import shop.order.store.Claims.Claim;
import shop.order.store.Claims.ClaimResult;
import shop.order.store.InFlight;
import shop.order.store.InFlight.InFlightCommand;
import shop.order.store.OrderView;
import shop.order.store.Stock;

/**
 * Accepts orders: prices the items, claims the idempotency key and reserves the stock, appends the
 * command, and shows the order. After a crash at any of these steps a repeated request resumes
 * where the first one stopped.
 */
@Service
public class Placement {

  private static final Logger log = LoggerFactory.getLogger(Placement.class);

  private final Pricing pricing;
  private final Claims claims;
  private final CommandLog commands;
  private final OrderView view;
  private final InFlight inFlight;
  private final OrderTimings timings;
  private final Clock clock;

  Placement(
      Pricing pricing,
      Claims claims,
      CommandLog commands,
      OrderView view,
      InFlight inFlight,
      OrderTimings timings,
      Clock clock) {
    this.pricing = pricing;
    this.claims = claims;
    this.commands = commands;
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
   *     is not known whether the order was accepted
   */
  public Response place(UUID customerId, IdempotencyKey key, OrderRequest request) {
    Instant start = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var claimRequest =
        new Claims.ClaimRequest(
            OrderId.of(customerId, key), request.fingerprint(), request.pieces());
    SerializedOrder command;
    try {
      command =
          SerializedOrder.of(command(customerId, key, claimRequest.fingerprint(), request, start));
    } catch (Problem invalid) {
      // The request can no longer be priced, but this key may have placed the order before.
      return respond(
          claimRequest.id(),
          request,
          start,
          () -> claims.find(claimRequest).orElseThrow(() -> invalid),
          null);
    }
    return respond(
        claimRequest.id(), request, start, () -> claims.claim(claimRequest, command), command);
  }

  private Response respond(
      OrderId id,
      OrderRequest request,
      Instant start,
      Supplier<ClaimResult> claiming,
      @Nullable SerializedOrder command) {
    try (var inFlightCommand = inFlight.begin()) {
      return switch (claiming.get()) {
        case ClaimResult.Claimed(var claim) ->
            accept(claim, requireNonNull(command), start, inFlightCommand);
        case ClaimResult.Resumed(var claim, var resumed) ->
            accept(claim, resumed, start, inFlightCommand);
        case ClaimResult.OutOfStock(var shortage) -> throw outOfStock(shortage);
        case ClaimResult.Completed(var body) -> new Response(id, body, true);
        case ClaimResult.Placed(var placed) -> new Response(id, replay(id, placed), true);
        case ClaimResult.Withheld(var summary) ->
            // Both requests have the same fingerprint, and thus the same address.
            new Response(
                id, Json.bytes(Order.accepted(id, summary, request.shippingAddress())), true);
        case ClaimResult.InProgress(var left) -> throw running(left);
        case ClaimResult.KeyReused() -> throw otherRequest();
      };
    }
  }

  private PlaceOrder command(
      UUID customerId, IdempotencyKey key, String fingerprint, OrderRequest request, Instant now) {
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

  private Response accept(
      Claim claim, SerializedOrder command, Instant start, InFlightCommand inFlightCommand) {
    var id = claim.id();
    var deadline = new Deadline(start.plus(timings.deadline()));
    try {
      commands.append(id, command, start, deadline);
    } catch (OutcomeUnknown e) {
      inFlightCommand.markUnknown(deadline);
      log.warn(
          "It is unknown whether order {} was accepted; the client gets 503: {}",
          id,
          e.getMessage());
      claims.suspend(claim);
      throw e.clockExplanation().map(Placement::clocksDiffer).orElseGet(Placement::unknown);
    }
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

  private static Problem unknown() {
    return Problem.unavailable(
        "It is not known whether the order was accepted. Repeat the request with the same"
            + " Idempotency-Key",
        Duration.ofSeconds(2));
  }

  private static Problem clocksDiffer(String explanation) {
    return Problem.unavailable(
        explanation
            + ", so the order was not accepted. Repeat the request later with the same"
            + " Idempotency-Key",
        Duration.ofSeconds(30));
  }

  private static Problem outOfStock(Stock.Shortage shortage) {
    return Problem.of(HttpStatus.CONFLICT, "out-of-stock", "Not enough stock")
        .detail("Only %d pieces of %s are left".formatted(shortage.available(), shortage.sku()))
        .with("sku", shortage.sku())
        .with("left", shortage.available());
  }

  private static Problem running(Duration left) {
    return Problem.of(HttpStatus.CONFLICT, "request-in-progress", "Request in progress")
        .detail("The same request is still being processed. Repeat it after a short time")
        .retryAfter(left.compareTo(Duration.ofSeconds(2)) < 0 ? left : Duration.ofSeconds(2));
  }

  private static Problem otherRequest() {
    return Problem.idempotencyKeyReused(
        "This Idempotency-Key belongs to another request. Use a new key for a new order");
  }
}
