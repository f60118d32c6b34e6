package shop.order.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.common.problem.Problem;
import shop.common.security.Caller;
import shop.order.IdempotencyKey;
import shop.order.Order;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.placement.OrderRequest;
import shop.order.placement.Placement;
import shop.order.store.OrderView;

/** A customer's orders. */
@RestController
@RequestMapping(path = "/orders", produces = MediaType.APPLICATION_JSON_VALUE)
class OrdersController {

  private final Placement placement;
  private final OrderView orders;

  OrdersController(Placement placement, OrderView orders) {
    this.placement = placement;
    this.orders = orders;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<String> place(
      @AuthenticationPrincipal Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @Valid @RequestBody OrderRequest request) {
    var answer = placement.place(caller.id(), idempotencyKey(key), request);
    var response =
        ResponseEntity.created(URI.create("/orders/" + answer.id()))
            .eTag(eTag(0))
            .contentType(MediaType.APPLICATION_JSON);
    if (answer.replayed()) {
      response.header("Idempotent-Replayed", "true");
    }
    return response.body(answer.body());
  }

  /** For clients that cannot make a random key. */
  @PostMapping("/keys")
  ResponseEntity<Map<String, String>> key() {
    return ResponseEntity.status(HttpStatus.CREATED)
        .body(Map.of("key", UUID.randomUUID().toString()));
  }

  @GetMapping("/{id}")
  ResponseEntity<Order> show(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    var order =
        orders
            .find(orderId(id))
            .filter(found -> found.customerId().equals(caller.id()) || caller.isAdmin())
            .orElseThrow(OrdersController::noSuchOrder);
    return ResponseEntity.ok()
        .eTag(eTag(order.version()))
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .body(order);
  }

  @GetMapping
  ResponseEntity<Page> list(
      @AuthenticationPrincipal Caller caller,
      @RequestParam(required = false) @Nullable OrderStatus status,
      @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
      @RequestParam(required = false) @Nullable String cursor) {
    var after = cursor == null ? null : Cursors.read(cursor);
    // One more than asked for tells whether there is a next page.
    var page = Page.of(orders.list(caller.id(), status, after, limit + 1), limit);
    var response = ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    if (page.nextCursor() != null) {
      String filter = status == null ? "" : "status=" + status + "&";
      String next =
          "</orders?%slimit=%d&cursor=%s>; rel=\"next\""
              .formatted(filter, limit, page.nextCursor());
      response.header(HttpHeaders.LINK, next);
    }
    return response.body(page);
  }

  private static IdempotencyKey idempotencyKey(@Nullable String header) {
    if (header == null) {
      throw Problem.of(
              HttpStatus.BAD_REQUEST, "idempotency-key-missing", "Idempotency-Key is missing")
          .detail(
              "Send an Idempotency-Key header, best a UUID; the same key never makes two orders");
    }
    try {
      return IdempotencyKey.parse(header);
    } catch (IllegalArgumentException e) {
      throw Problem.of(
              HttpStatus.BAD_REQUEST, "idempotency-key-malformed", "Malformed Idempotency-Key")
          .detail(e.getMessage());
    }
  }

  private static OrderId orderId(String text) {
    try {
      return OrderId.parse(text);
    } catch (IllegalArgumentException e) {
      throw noSuchOrder();
    }
  }

  private static Problem noSuchOrder() {
    return Problem.notFound("You have no such order");
  }

  private static String eTag(long version) {
    return "\"" + version + "\"";
  }
}
