package shop.gateway.auth;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import shop.common.problem.Problem;
import shop.common.security.Caller;
import shop.common.trace.TraceContext;
import shop.gateway.auth.SessionView.SessionList;
import shop.gateway.inbound.ExchangeCaller;
import shop.gateway.inbound.ExchangeTrace;
import shop.gateway.sessions.Sessions;

/** The caller's own sessions. The methods block; Spring runs them on virtual threads. */
@RestController
@RequestMapping("/auth/sessions")
final class SessionsController {

  private final Sessions sessions;

  SessionsController(Sessions sessions) {
    this.sessions = sessions;
  }

  @GetMapping
  SessionList list(@RequestAttribute(ExchangeCaller.ATTRIBUTE) Caller caller) {
    return SessionView.list(sessions.of(caller.id()), caller.sessionId());
  }

  /** Ends all, that of the request included. */
  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void endAll(
      @RequestAttribute(ExchangeCaller.ATTRIBUTE) Caller caller,
      @RequestAttribute(ExchangeTrace.ATTRIBUTE) TraceContext trace) {
    try (var _ = trace.open()) {
      sessions.endAll(caller.id(), "ended-by-owner");
    }
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void end(
      @PathVariable String id,
      @RequestAttribute(ExchangeCaller.ATTRIBUTE) Caller caller,
      @RequestAttribute(ExchangeTrace.ATTRIBUTE) TraceContext trace) {
    try (var _ = trace.open()) {
      var own =
          sessions.of(caller.id()).stream()
              .filter(session -> session.id().equals(id))
              .findFirst()
              .orElseThrow(() -> Problem.notFound("The account has no session with this id"));
      sessions.end(own.id(), caller.id(), "ended-by-owner");
    }
  }
}
