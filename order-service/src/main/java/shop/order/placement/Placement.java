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
import shop.order.store.Claims;
import shop.order.store.Claims.Claim;
import shop.order.store.Claims.Found;
import shop.order.store.InFlight;
import shop.order.store.InFlight.Flight;
import shop.order.store.OrderView;
import shop.order.store.RedisUnavailable;
import shop.order.store.Stock;

/**
 * Accepts orders: price, claim the key and set the pieces aside, append the command, show the
 * order. It may crash after any of these; the same request then goes on where it stopped.
 */
@Service
public class Placement {

  private static final Logger log = LoggerFactory.getLogger(Placement.class);

  private final Pricing pricing;
  private final Claims claims;
  private final CommandLog commands;
  private final OrderView view;
  private final InFlight inFlight;
  private final OrderTimings settings;
  private final Clock clock;

  Placement(
      Pricing pricing,
      Claims claims,
      CommandLog commands,
      OrderView view,
      InFlight inFlight,
      OrderTimings settings,
      Clock clock) {
    this.pricing = pricing;
    this.claims = claims;
    this.commands = commands;
    this.view = view;
    this.inFlight = inFlight;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * The first answer to a key, as it was given or will be given again.
   *
   * @param id the order
   * @param body its JSON, byte for byte the same each time
   * @param replayed whether it was given before
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes are bytes; nothing compares them
  public record Answer(OrderId id, byte[] body, boolean replayed) {}

  /**
   * Places an order, once however often the same key asks.
   *
   * @throws Problem 409 while the same request runs elsewhere or if there is too little of a
   *     product, 422 if the key belongs to another request or the order cannot be priced, 503 if it
   *     is not known whether the order was taken
   */
  public Answer place(UUID customerId, IdempotencyKey key, OrderRequest request) {
    Instant start = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var wish =
        new Claims.Wish(OrderId.of(customerId, key), request.fingerprint(), request.pieces());
    SerializedOrder command;
    try {
      command = SerializedOrder.of(command(customerId, key, wish.fingerprint(), request, start));
    } catch (Problem unacceptable) {
      // What is no longer sold may have been ordered by this key before.
      return answer(
          wish.id(), start, () -> claims.find(wish).orElseThrow(() -> unacceptable), null);
    }
    return answer(wish.id(), start, () -> claims.claim(wish, command), command);
  }

  private Answer answer(
      OrderId id, Instant start, Supplier<Found> claiming, @Nullable SerializedOrder command) {
    try (var flight = inFlight.begin()) {
      return switch (claiming.get()) {
        case Found.Claimed(var claim) -> accept(claim, requireNonNull(command), start, flight);
        case Found.Resumed(var claim, var begun) -> accept(claim, begun, start, flight);
        case Found.OutOfStock(var shortage) -> throw outOfStock(shortage);
        case Found.Answered(var body) -> new Answer(id, body, true);
        case Found.Placed(var placed) -> new Answer(id, keep(id, placed), true);
        case Found.Running(var left) -> throw running(left);
        case Found.OtherRequest() -> throw otherRequest();
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

  private Answer accept(Claim claim, SerializedOrder command, Instant start, Flight flight) {
    var id = claim.id();
    var deadline = new Deadline(start.plus(settings.deadline()));
    try {
      commands.append(id, command, start, deadline);
    } catch (OutcomeUnknown e) {
      flight.lose(deadline);
      log.warn("Order {} is not acknowledged: {}", id, e.getMessage());
      claims.suspend(claim);
      throw Problem.unavailable(
          "It is not known whether the order was taken. Repeat it with the same Idempotency-Key",
          Duration.ofSeconds(2));
    }
    return new Answer(id, keep(id, command), false);
  }

  /** Shows an order that is in the log, and keeps its answer. */
  private byte[] keep(OrderId id, SerializedOrder order) {
    byte[] body = Json.bytes(Order.accepted(id, order.order()));
    try {
      view.accept(id, order, body, settings.answerLife());
    } catch (RedisUnavailable e) {
      // The log has the order, so it is accepted; the projector will show it.
      log.warn("Order {} is accepted but cannot be shown yet: {}", id, e.getMessage());
    }
    return body;
  }

  private static Problem outOfStock(Stock.Shortage shortage) {
    return Problem.of(HttpStatus.CONFLICT, "out-of-stock", "Not enough stock")
        .detail("Of %s there are %d left".formatted(shortage.sku(), shortage.left()))
        .with("sku", shortage.sku())
        .with("left", shortage.left());
  }

  private static Problem running(Duration left) {
    return Problem.of(HttpStatus.CONFLICT, "request-in-progress", "Request in progress")
        .detail("The same request is being processed. Repeat it a little later")
        .retryAfter(left.compareTo(Duration.ofSeconds(2)) < 0 ? left : Duration.ofSeconds(2));
  }

  private static Problem otherRequest() {
    return Problem.of(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "idempotency-key-reused",
            "Idempotency-Key already used")
        .detail("This Idempotency-Key belongs to another request. Use a new one for a new order");
  }
}
