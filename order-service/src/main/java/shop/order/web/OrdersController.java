package shop.order.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.PositiveOrZero;
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
import shop.common.text.Text;
import shop.order.Order;
import shop.order.OrderFilter;
import shop.order.OrderSearch;
import shop.order.OrderStatus;
import shop.order.placement.OrderRequest;
import shop.order.placement.Placement;
import shop.order.reading.OrderPages;

/** Placing, reading and listing orders, for customers and admins. */
@RestController
@RequestMapping(path = "/orders", produces = MediaType.APPLICATION_JSON_VALUE)
class OrdersController {

  private final Placement placement;
  private final OrderAccess access;
  private final OrderPages pages;

  OrdersController(Placement placement, OrderAccess access, OrderPages pages) {
    this.placement = placement;
    this.access = access;
    this.pages = pages;
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
      @RequestParam(required = false) @Text(max = 64) @Nullable String sku,
      @RequestParam(required = false) @PositiveOrZero @Nullable Long minTotal,
      @RequestParam(required = false) @PositiveOrZero @Nullable Long maxTotal,
      @RequestParam(required = false) @Text(min = 3, max = 100) @Nullable String text,
      @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
      @RequestParam(required = false) @Nullable String cursor) {
    var filter = new OrderFilter(customerFilter(caller, customer), status, from, to);
    var search = new OrderSearch(sku, minTotal, maxTotal, text);
    requireAdmin(caller, search);
    var after = cursor == null ? null : Cursors.read(cursor);
    // One more than requested, to see whether there is a next page.
    var found =
        search.isEmpty()
            ? pages.list(filter, after, limit + 1)
            : pages.search(filter, search, after, limit + 1);
    var page = Page.of(found, limit, caller);
    var response = ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    if (page.nextCursor() != null) {
      String next =
          UriComponentsBuilder.fromPath("/orders")
              .queryParamIfPresent("customer", Optional.ofNullable(customer))
              .queryParamIfPresent("status", Optional.ofNullable(status))
              .queryParamIfPresent("from", Optional.ofNullable(from))
              .queryParamIfPresent("to", Optional.ofNullable(to))
              .queryParamIfPresent("sku", Optional.ofNullable(sku).map(_ -> "{sku}"))
              .queryParamIfPresent("minTotal", Optional.ofNullable(minTotal))
              .queryParamIfPresent("maxTotal", Optional.ofNullable(maxTotal))
              .queryParamIfPresent("text", Optional.ofNullable(text).map(_ -> "{text}"))
              .queryParam("limit", limit)
              .queryParam("cursor", page.nextCursor())
              .encode()
              .buildAndExpand(Map.of("sku", String.valueOf(sku), "text", String.valueOf(text)))
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

  private static void requireAdmin(Caller caller, OrderSearch search) {
    if (!search.isEmpty() && !caller.isAdmin()) {
      throw Problem.of(HttpStatus.FORBIDDEN, "forbidden", "Not allowed")
          .detail("Only an admin may search by 'sku', 'minTotal', 'maxTotal' or 'text'");
    }
  }

  /** A withheld order has no version, but its end changes it, and event 1 adds the address. */
  private static String eTag(Order order) {
    return order.isWithheld() ? "\"withheld-%s\"".formatted(order.status()) : eTag(order.version());
  }

  static String eTag(long version) {
    return "\"" + version + "\"";
  }
}
