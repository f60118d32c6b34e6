package shop.order.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import shop.common.json.Json;
import shop.common.money.Money;
import shop.common.problem.Problem;
import shop.common.problem.Violation;
import shop.common.security.Caller;
import shop.order.IdempotencyKey;
import shop.order.Order;
import shop.order.OrderCommand;
import shop.order.TimelineEntry;
import shop.order.commands.CommandResult;
import shop.order.commands.OrderCommands;
import shop.order.store.OrderView;
import tools.jackson.databind.JsonNode;

/** What can be asked of an order once it is placed. Each answers with the event that it became. */
@RestController
@RequestMapping(path = "/orders/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
class CommandsController {

  private final OrderAccess access;
  private final OrderCommands commands;
  private final OrderView orders;

  CommandsController(OrderAccess access, OrderCommands commands, OrderView orders) {
    this.access = access;
    this.commands = commands;
    this.orders = orders;
  }

  /** Why an order is cancelled. */
  record CancelRequest(@Size(max = 500) @Nullable String reason) {}

  /**
   * What is to be given back.
   *
   * @param amount all that is left, if absent
   */
  record RefundRequest(@Valid @Nullable Amount amount, @NotBlank @Size(max = 500) String reason) {

    /** A sum of money, more than nothing. */
    record Amount(
        @Positive long amount,
        @NotNull
            @Pattern(regexp = "[A-Z]{3}", message = "must be three upper-case letters (ISO 4217)")
            String currency) {}

    @Nullable Money money() {
      return amount == null ? null : new Money(amount.amount(), amount.currency());
    }
  }

  /** Who carries an order. */
  record ShipmentRequest(
      @NotBlank @Size(max = 100) String carrier,
      @NotBlank @Size(max = 100) String trackingNumber) {}

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
    return answer(HttpStatus.ACCEPTED, order, order.id() + "/cancel", command, Map.of());
  }

  @PostMapping(path = "/refunds", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<TimelineEntry> refund(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @Valid @RequestBody RefundRequest request) {
    var refundId = name(id, key);
    var order = access.order(caller, id);
    @Nullable Money amount = request.money();
    if (amount != null && !amount.currency().equals(order.total().currency())) {
      throw Problem.invalid(
          List.of(
              new Violation(
                  "/amount/currency", "The order was paid in " + order.total().currency())));
    }
    var command = new OrderCommand.Refund(refundId, amount, request.reason(), caller.id());
    Map<String, Object> wish =
        amount == null
            ? Map.of("reason", request.reason())
            : Map.of("reason", request.reason(), "amount", amount);
    return answer(HttpStatus.CREATED, order, order.id() + "/refund/" + refundId, command, wish);
  }

  @PostMapping(path = "/shipments", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<TimelineEntry> ship(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @Valid @RequestBody ShipmentRequest request) {
    var shipmentId = name(id, key);
    var order = access.order(caller, id);
    var command =
        new OrderCommand.Ship(shipmentId, request.carrier(), request.trackingNumber(), caller.id());
    Map<String, Object> wish =
        Map.of("carrier", request.carrier(), "trackingNumber", request.trackingNumber());
    return answer(HttpStatus.CREATED, order, order.id() + "/ship/" + shipmentId, command, wish);
  }

  @PostMapping("/deliveries")
  ResponseEntity<TimelineEntry> deliver(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    var deliveryId = name(id, key);
    var order = access.order(caller, id);
    var command = new OrderCommand.Deliver(deliveryId, caller.id());
    return answer(
        HttpStatus.CREATED, order, order.id() + "/deliver/" + deliveryId, command, Map.of());
  }

  /** What a key means for an order, for ever: {@code UUIDv5(order id, key)}. */
  private static UUID name(String orderId, @Nullable String key) {
    var parsed = IdempotencyKey.required(key);
    try {
      return Uuids.v5(UUID.fromString(orderId), parsed.value());
    } catch (IllegalArgumentException e) {
      throw Problem.notFound("You have no such order");
    }
  }

  /**
   * Gives the command and answers with its event.
   *
   * @param wish what the event says if it was made by the same request
   */
  private ResponseEntity<TimelineEntry> answer(
      HttpStatus status,
      Order order,
      String commandId,
      OrderCommand command,
      Map<String, Object> wish) {
    return switch (commands.give(order.id(), commandId, command)) {
      case CommandResult.Accepted(var event) -> response(status, order, event).body(event);
      case CommandResult.Repeated(var sequence) -> {
        var event = event(order, sequence);
        requireSameWish(event, wish);
        yield response(status, order, event).header("Idempotent-Replayed", "true").body(event);
      }
      case CommandResult.Rejected(var reason, var detail) ->
          throw Problem.of(HttpStatus.CONFLICT, reason, "The order does not allow it")
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
                "It was accepted and will be shown in a moment. Repeat the same request",
                Duration.ofSeconds(1)));
  }

  private static void requireSameWish(TimelineEntry event, Map<String, Object> wish) {
    var told = tree(event.details());
    wish.forEach((name, value) -> {
      if (!Objects.equals(told.get(name), tree(value))) {
        throw Problem.of(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "idempotency-key-reused",
                "Idempotency-Key already used")
            .detail("This Idempotency-Key belongs to another request. Use a new one");
      }
    });
  }

  /** As it would be read: numbers of one value are equal, whatever they were before. */
  private static JsonNode tree(Object value) {
    return Json.MAPPER.readTree(Json.bytes(value));
  }
}
