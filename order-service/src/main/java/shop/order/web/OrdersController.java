package shop.order.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
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
import org.springframework.web.util.UriComponentsBuilder;
import shop.common.problem.Problem;
import shop.common.security.Caller;
import shop.order.Order;
import shop.order.OrderStatus;
import shop.order.placement.OrderRequest;
import shop.order.placement.Placement;
import shop.order.store.OrderLists;

/** Placing, reading and listing orders, for customers and admins. */
@RestController
@RequestMapping(path = "/orders", produces = MediaType.APPLICATION_JSON_VALUE)
class OrdersController {

  private final Placement placement;
  private final OrderAccess access;
  private final OrderLists lists;

  OrdersController(Placement placement, OrderAccess access, OrderLists lists) {
    this.placement = placement;
    this.access = access;
    this.lists = lists;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> place(
      @AuthenticationPrincipal Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @Valid @RequestBody OrderRequest request) {
    var placed = placement.place(caller.id(), IdempotencyKeyHeader.required(key), request);
    var response =
        ResponseEntity.created(URI.create("/orders/" + placed.id()))
            .eTag(eTag(0))
            .contentType(MediaType.APPLICATION_JSON);
    if (placed.replayed()) {
      response.header("Idempotent-Replayed", "true");
    }
    return response.body(placed.body());
  }

  /** For clients that cannot generate a random key. */
  @PostMapping("/keys")
  ResponseEntity<Map<String, String>> key() {
    return ResponseEntity.status(HttpStatus.CREATED)
        .body(Map.of("key", UUID.randomUUID().toString()));
  }

  @GetMapping("/{id}")
  ResponseEntity<OrderBody> show(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    var order = access.order(caller, id);
    return ResponseEntity.ok()
        .eTag(eTag(order))
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .body(OrderBody.of(order, caller));
  }

  @GetMapping
  ResponseEntity<Page> list(
      @AuthenticationPrincipal Caller caller,
      @RequestParam(required = false) @Nullable UUID customer,
      @RequestParam(required = false) @Nullable OrderStatus status,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
      @RequestParam(required = false) @Nullable String cursor) {
    var filter = new OrderLists.Filter(customerFilter(caller, customer), status, from, to);
    var after = cursor == null ? null : Cursors.read(cursor);
    // One more than requested, to see whether there is a next page.
    var page = Page.of(lists.list(filter, after, limit + 1), limit, caller);
    var response = ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    if (page.nextCursor() != null) {
      String next =
          UriComponentsBuilder.fromPath("/orders")
              .queryParamIfPresent("customer", Optional.ofNullable(customer))
              .queryParamIfPresent("status", Optional.ofNullable(status))
              .queryParamIfPresent("from", Optional.ofNullable(from))
              .queryParamIfPresent("to", Optional.ofNullable(to))
              .queryParam("limit", limit)
              .queryParam("cursor", page.nextCursor())
              .encode()
              .toUriString();
      response.header(HttpHeaders.LINK, "<" + next + ">; rel=\"next\"");
    }
    return response.body(page);
  }

  private static @Nullable UUID customerFilter(Caller caller, @Nullable UUID customer) {
    if (caller.isAdmin()) {
      return customer;
    }
    if (customer != null && !customer.equals(caller.id())) {
      throw Problem.of(HttpStatus.FORBIDDEN, "forbidden", "Not allowed")
          .detail("Only an admin may list the orders of other customers");
    }
    return caller.id();
  }

  /** A withheld order has no version, but its end changes it, and event 1 adds the address. */
  private static String eTag(Order order) {
    return order.isWithheld() ? "\"withheld-%s\"".formatted(order.status()) : eTag(order.version());
  }

  static String eTag(long version) {
    return "\"" + version + "\"";
  }
}
