package shop.gateway.admin;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import shop.common.problem.Problem;
import shop.common.problem.Violation;
import shop.common.security.Caller;
import shop.common.trace.TraceContext;
import shop.gateway.inbound.ExchangeCaller;
import shop.gateway.inbound.ExchangeTrace;
import shop.gateway.settings.SettingsChanges;

/** Draining of instances: no new requests, and until a deadline those of bound clients. */
@RestController
@RequestMapping("/admin/gateway/instances/{id}/drain")
final class DrainController {

  private static final Logger log = LoggerFactory.getLogger(DrainController.class);
  private static final Duration LONGEST = Duration.ofDays(1);

  private final SettingsChanges changes;

  DrainController(SettingsChanges changes) {
    this.changes = changes;
  }

  @PostMapping
  DrainView drain(
      @PathVariable String id,
      @RequestBody DrainRequest request,
      @RequestAttribute(ExchangeCaller.ATTRIBUTE) Caller caller,
      @RequestAttribute(ExchangeTrace.ATTRIBUTE) TraceContext trace) {
    try (var _ = trace.open()) {
      var deadline = changes.drain(id, request.time());
      log.info("Account {} drains {}", caller.id(), id);
      return new DrainView(id, deadline);
    }
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void end(
      @PathVariable String id,
      @RequestAttribute(ExchangeCaller.ATTRIBUTE) Caller caller,
      @RequestAttribute(ExchangeTrace.ATTRIBUTE) TraceContext trace) {
    try (var _ = trace.open()) {
      changes.endDrain(id);
      log.info("Account {} ended the drain of {}", caller.id(), id);
    }
  }

  /** An instance that drains. */
  record DrainView(String id, Instant drainsUntil) {}

  /**
   * The body of a request to drain.
   *
   * @param deadline after how long clients that are bound to the instance must leave it: a duration
   *     of ISO 8601, PT0S to P1D
   */
  record DrainRequest(@Nullable String deadline) {

    Duration time() {
      try {
        var time = Duration.parse(deadline == null ? "" : deadline);
        if (!time.isNegative() && time.compareTo(LONGEST) <= 0) {
          return time;
        }
      } catch (DateTimeException _) {
        // Answered below.
      }
      throw Problem.invalid(
          List.of(
              new Violation(
                  "/deadline", "A duration of ISO 8601 is required, PT0S to P1D, such as PT10M")));
    }
  }
}
