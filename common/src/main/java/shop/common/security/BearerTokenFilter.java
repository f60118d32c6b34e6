package shop.common.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import shop.common.problem.Problem;
import shop.common.problem.ProblemWriter;

/**
 * Authenticates the caller by a bearer token (RFC 6750). A request without a token remains
 * anonymous; a request with an invalid token is rejected.
 */
final class BearerTokenFilter extends OncePerRequestFilter {

  private static final String SCHEME = "Bearer ";

  private final AccessTokens tokens;
  private final ProblemWriter problems;

  BearerTokenFilter(AccessTokens tokens, ProblemWriter problems) {
    this.tokens = tokens;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    @Nullable String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      try {
        authenticate(tokens.verify(header.substring(SCHEME.length()).strip()));
      } catch (InvalidToken e) {
        problems.unauthorized(response, "error=\"invalid_token\"");
        return;
      } catch (KeysUnavailable e) {
        logger.warn(e.getMessage());
        problems.write(
            response,
            Problem.unavailable(
                "The keys for verifying access tokens are unavailable. The request was not processed and is safe to retry",
                Duration.ofSeconds(1)));
        return;
      }
    }
    chain.doFilter(request, response);
  }

  private static void authenticate(Caller caller) {
    var roles =
        caller.roles().stream().map(role -> new SimpleGrantedAuthority("ROLE_" + role)).toList();
    var context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(
        UsernamePasswordAuthenticationToken.authenticated(caller, null, roles));
    SecurityContextHolder.setContext(context);
  }
}
