package shop.order.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.common.http.DecimalNumbers;
import shop.common.problem.Problem;
import shop.common.security.Caller;
import shop.order.TimelineEntry;
import shop.order.reading.Orders;
import shop.order.tracking.LiveTimelines;

/** The events of an order, as a list or as a live stream. */
@RestController
@RequestMapping("/orders/{id}/events")
class TimelineController {

  private final OrderAccess access;
  private final Orders orders;
  private final LiveTimelines live;

  TimelineController(OrderAccess access, Orders orders, LiveTimelines live) {
    this.access = access;
    this.orders = orders;
    this.live = live;
  }

  /** An order's events, oldest first, on one page. */
  record Timeline(List<TimelineEntry> items) {}

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Timeline> show(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    var order = access.order(caller, id);
    return ResponseEntity.ok()
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .body(new Timeline(orders.timeline(order.id(), 0)));
  }

  @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  void follow(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    var order = access.order(caller, id);
    long after = sequence(lastEventId);
    response.setContentType("text/event-stream;charset=UTF-8");
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (request.getMethod().equals(HttpMethod.HEAD.name())) {
      // A response without a body has ended; as a stream, it would keep the connection for itself.
      return;
    }
    live.open(order.id(), after, caller, request);
  }

  private static long sequence(@Nullable String lastEventId) {
    if (lastEventId == null || lastEventId.isBlank()) {
      return 0;
    }
    try {
      return Math.max(0, DecimalNumbers.parseLong(lastEventId.strip()));
    } catch (NumberFormatException e) {
      throw Problem.of(HttpStatus.BAD_REQUEST, "malformed-request", "The request is malformed")
          .detail("'Last-Event-ID' is not an event id of this stream");
    }
  }
}
