package shop.gateway.auth;

import jakarta.validation.Valid;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import shop.common.security.Caller;
import shop.common.trace.TraceContext;
import shop.gateway.accounts.Account;
import shop.gateway.accounts.Accounts;
import shop.gateway.accounts.EmailAddress;
import shop.gateway.accounts.Passwords;
import shop.gateway.accounts.Registration;
import shop.gateway.inbound.ExchangeCaller;
import shop.gateway.inbound.ExchangeTrace;
import shop.gateway.keys.AccessTokenIssuer;
import shop.gateway.limits.LoginLimit;
import shop.gateway.sessions.Sessions;

/**
 * Registration, login, logout and the own account. The methods block; Spring runs them on virtual
 * threads.
 */
@RestController
@RequestMapping("/auth")
final class AuthController {

  private static final Logger log = LoggerFactory.getLogger(AuthController.class);

  private final Registration registration;
  private final Accounts accounts;
  private final Passwords passwords;
  private final Sessions sessions;
  private final AccessTokenIssuer issuer;
  private final LoginLimit loginLimit;

  AuthController(
      Registration registration,
      Accounts accounts,
      Passwords passwords,
      Sessions sessions,
      AccessTokenIssuer issuer,
      LoginLimit loginLimit) {
    this.registration = registration;
    this.accounts = accounts;
    this.passwords = passwords;
    this.sessions = sessions;
    this.issuer = issuer;
    this.loginLimit = loginLimit;
  }

  @PostMapping("/register")
  @ResponseStatus(HttpStatus.CREATED)
  Registered register(
      @Valid @RequestBody NewAccount newAccount,
      @RequestAttribute(ExchangeTrace.ATTRIBUTE) TraceContext trace) {
    try (var _ = trace.open()) {
      var account =
          registration.register(
              new EmailAddress(newAccount.email()),
              newAccount.password(),
              List.of(Caller.CUSTOMER));
      log.info("Account {} registered", account.id());
      return new Registered(account.id(), account.email());
    }
  }

  @PostMapping("/login")
  ResponseEntity<TokenResponse> login(
      @Valid @RequestBody Credentials credentials,
      @RequestHeader(name = HttpHeaders.USER_AGENT, defaultValue = "") String device,
      @RequestAttribute(ExchangeTrace.ATTRIBUTE) TraceContext trace) {
    try (var _ = trace.open()) {
      registration.requireAccountsLoaded();
      loginLimit.require(credentials.email());
      @Nullable Account account = accounts.withAddress(credentials.email()).orElse(null);
      if (!passwords.match(credentials.password(), account) || account == null) {
        throw AuthProblems.wrongCredentials();
      }
      return tokens(account, sessions.begin(account.id(), device));
    }
  }

  @PostMapping("/refresh")
  ResponseEntity<TokenResponse> refresh(
      @Valid @RequestBody RefreshRequest request,
      @RequestAttribute(ExchangeTrace.ATTRIBUTE) TraceContext trace) {
    try (var _ = trace.open()) {
      registration.requireAccountsLoaded();
      var session = sessions.refresh(request.refreshToken());
      return tokens(
          accounts.find(session.accountId()).orElseThrow(AuthProblems::invalidRefreshToken),
          session);
    } catch (Sessions.InvalidRefreshToken e) {
      log.info("Refused to refresh a session: {}", e.getMessage());
      throw AuthProblems.invalidRefreshToken();
    }
  }

  /** Ends the session of the refresh token in the body, else that of the access token. */
  @PostMapping("/logout")
  ResponseEntity<Void> logout(
      @RequestAttribute(name = ExchangeCaller.ATTRIBUTE, required = false) @Nullable Caller caller,
      @RequestBody(required = false) @Nullable LogoutRequest request,
      @RequestAttribute(ExchangeTrace.ATTRIBUTE) TraceContext trace) {
    try (var _ = trace.open()) {
      if (request != null && request.refreshToken() != null) {
        sessions.endSessionOf(request.refreshToken());
        return ResponseEntity.ok().build();
      }
      if (caller == null) {
        throw AuthProblems.missingToken();
      }
      sessions.end(caller.sessionId(), caller.id(), "logout");
      return ResponseEntity.noContent().build();
    }
  }

  /** The caller's own account. */
  @GetMapping("/me")
  Me me(@RequestAttribute(ExchangeCaller.ATTRIBUTE) Caller caller) {
    var account = accounts.find(caller.id()).orElseThrow(AuthProblems::invalidToken);
    return new Me(account.id(), account.email(), account.roles(), caller.sessionId());
  }

  private ResponseEntity<TokenResponse> tokens(Account account, Sessions.ActiveSession session) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .body(
            new TokenResponse(
                issuer.issue(account, session.sessionId()),
                "Bearer",
                issuer.life().toSeconds(),
                session.refreshToken()));
  }

  /**
   * The caller's account.
   *
   * @param sessionId the session of the request's own token
   */
  record Me(UUID id, String email, Set<String> roles, String sessionId) {}

  /** The response to a registration. */
  record Registered(UUID id, String email) {}
}
