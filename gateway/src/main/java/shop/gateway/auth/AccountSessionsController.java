package shop.gateway.auth;

import java.util.UUID;
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
import shop.gateway.accounts.Account;
import shop.gateway.accounts.Accounts;
import shop.gateway.auth.SessionView.SessionList;
import shop.gateway.inbound.ExchangeCaller;
import shop.gateway.inbound.ExchangeTrace;
import shop.gateway.sessions.Session;
import shop.gateway.sessions.Sessions;

/**
 * The sessions of any account, for admins. The methods block; Spring runs them on virtual threads.
 */
@RestController
@RequestMapping("/admin/accounts/{accountId}/sessions")
final class AccountSessionsController {

  private final Accounts accounts;
  private final Sessions sessions;

  AccountSessionsController(Accounts accounts, Sessions sessions) {
    this.accounts = accounts;
    this.sessions = sessions;
  }

  @GetMapping
  SessionList list(
      @PathVariable String accountId, @RequestAttribute(ExchangeCaller.ATTRIBUTE) Caller caller) {
    return SessionView.list(sessions.of(requireAccount(accountId)), caller.sessionId());
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void endAll(
      @PathVariable String accountId,
      @RequestAttribute(ExchangeTrace.ATTRIBUTE) TraceContext trace) {
    try (var _ = trace.open()) {
      sessions.endAll(requireAccount(accountId), "ended-by-admin");
    }
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void end(
      @PathVariable String accountId,
      @PathVariable String id,
      @RequestAttribute(ExchangeTrace.ATTRIBUTE) TraceContext trace) {
    try (var _ = trace.open()) {
      var account = requireAccount(accountId);
      String own =
          sessions.of(account).stream()
              .map(Session::id)
              .filter(id::equals)
              .findFirst()
              .orElseThrow(() -> Problem.notFound("The account has no session with this id"));
      sessions.end(own, account, "ended-by-admin");
    }
  }

  /** Text that is no id is an account that does not exist. */
  private UUID requireAccount(String id) {
    try {
      return accounts
          .find(UUID.fromString(id))
          .map(Account::id)
          .orElseThrow(AccountSessionsController::notFound);
    } catch (IllegalArgumentException _) {
      throw notFound();
    }
  }

  private static Problem notFound() {
    return Problem.notFound("No account has this id");
  }
}
