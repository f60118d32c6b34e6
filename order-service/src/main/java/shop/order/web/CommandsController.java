package shop.order.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.common.id.Uuids;
import shop.common.money.ChargeableAmounts;
import shop.common.money.Money;
import shop.common.problem.Problem;
import shop.common.problem.Violation;
import shop.common.security.Caller;
import shop.common.text.Text;
import shop.order.CommandAnswer;
import shop.order.Order;
import shop.order.OrderCommand;
import shop.order.TimelineEntry;
import shop.order.commands.CommandResult;
import shop.order.commands.OrderCommands;
import shop.order.reading.Orders;

/** Commands to orders that were placed. The response is the event that the command caused. */
@RestController
@RequestMapping(path = "/orders/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
class CommandsController {

  private final OrderAccess access;
  private final OrderCommands commands;
  private final Orders orders;

  CommandsController(OrderAccess access, OrderCommands commands, Orders orders) {
    this.access = access;
    this.commands = commands;
    this.orders = orders;
  }

  /** A request to cancel an order. */
  record CancelRequest(@Text(min = 0, max = 500) @Nullable String reason) {}

  /**
   * A request to refund an order.
   *
   * @param amount absent to refund everything that was not refunded yet
   */
  record RefundRequest(@Valid @Nullable Amount amount, @NotNull @Text(max = 500) String reason) {

    /** A positive sum of money. */
    record Amount(
        @Positive long amount,
        @NotNull
            @Pattern(regexp = "[A-Z]{3}", message = "must be three upper-case letters (ISO 4217)")
            String currency) {}

    @Nullable Money money() {
      return amount == null ? null : new Money(amount.amount(), amount.currency());
    }
  }

  /** A report that an order was handed to a carrier. */
  record ShipmentRequest(
      @NotNull @Text(max = 100) String carrier, @NotNull @Text(max = 100) String trackingNumber) {}

  @PostMapping("/cancel")
  ResponseEntity<TimelineEntry> cancel(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @Valid @RequestBody(required = false) @Nullable CancelRequest request) {
    var order = access.order(caller, id);
    String reason = request == null ? null : request.reason();
    var command =
        new OrderCommand.Cancel(
            caller.id(), reason == null || reason.isBlank() ? "no reason given" : reason);
    return execute(HttpStatus.ACCEPTED, order, order.id() + "/cancel", command);
  }

  @PostMapping(path = "/refunds", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<TimelineEntry> refund(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @Valid @RequestBody RefundRequest request) {
    var refundId = derivedId(id, key);
    var order = access.order(caller, id);
    @Nullable Money amount = request.money();
    if (amount != null && !amount.currency().equals(order.total().currency())) {
      throw Problem.invalid(
          List.of(
              new Violation(
                  "/amount/currency", "The order was paid in " + order.total().currency())));
    }
    if (amount != null) {
      ChargeableAmounts.objection(amount)
          .ifPresent(objection -> {
            throw Problem.invalid(List.of(new Violation("/amount/amount", objection)));
          });
    }
    var command = new OrderCommand.Refund(refundId, amount, request.reason(), caller.id());
    return execute(HttpStatus.CREATED, order, order.id() + "/refund/" + refundId, command);
  }

  @PostMapping(path = "/shipments", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<TimelineEntry> ship(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @Valid @RequestBody ShipmentRequest request) {
    var shipmentId = derivedId(id, key);
    var order = access.order(caller, id);
    var command =
        new OrderCommand.Ship(shipmentId, request.carrier(), request.trackingNumber(), caller.id());
    return execute(HttpStatus.CREATED, order, order.id() + "/ship/" + shipmentId, command);
  }

  @PostMapping("/deliveries")
  ResponseEntity<TimelineEntry> deliver(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    var deliveryId = derivedId(id, key);
    var order = access.order(caller, id);
    var command = new OrderCommand.Deliver(deliveryId, caller.id());
    return execute(HttpStatus.CREATED, order, order.id() + "/deliver/" + deliveryId, command);
  }

  /** The id that a key permanently stands for within an order: {@code UUIDv5(order id, key)}. */
  private static UUID derivedId(String orderId, @Nullable String key) {
    var idempotencyKey = IdempotencyKeyHeader.required(key);
    try {
      return Uuids.v5(UUID.fromString(orderId), idempotencyKey.value());
    } catch (IllegalArgumentException e) {
      throw Problem.notFound("You have no such order");
    }
  }

  /** Sends the command and responds with the event that it caused. */
  private ResponseEntity<TimelineEntry> execute(
      HttpStatus status, Order order, String commandId, OrderCommand command) {
    return switch (commands.send(order.id(), commandId, command)) {
      case CommandResult.Accepted(var event) -> response(status, order, event).body(event);
      case CommandResult.Repeated(var sequence) -> {
        var event = event(order, sequence);
        yield response(status, order, event).header("Idempotent-Replayed", "true").body(event);
      }
      case CommandResult.Rejected(var reason, var detail)
          when reason.equals(CommandAnswer.OTHER_REQUEST) ->
          throw Problem.idempotencyKeyReused(detail);
      case CommandResult.Rejected(var reason, var detail) ->
          throw Problem.of(HttpStatus.CONFLICT, reason, "The order's state does not allow it")
              .detail(detail);
    };
  }

  private static ResponseEntity.BodyBuilder response(
      HttpStatus status, Order order, TimelineEntry event) {
    return ResponseEntity.status(status)
        .location(URI.create("/orders/" + order.id()))
        .eTag(OrdersController.eTag(event.sequence()));
  }

  private TimelineEntry event(Order order, long sequence) {
    return orders.timeline(order.id(), sequence - 1).stream()
        .findFirst()
        .orElseThrow(() ->
            Problem.unavailable(
                "The command was accepted, but its event cannot be shown yet. Repeat the same"
                    + " request",
                Duration.ofSeconds(1)));
  }
}
