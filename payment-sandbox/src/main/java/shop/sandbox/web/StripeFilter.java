package shop.sandbox.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import shop.sandbox.SandboxSettings;
import shop.sandbox.StripeError;

/**
 * Assigns a request id to every request; requires the API key for {@code /v1} and limits its calls.
 */
@Component
class StripeFilter extends OncePerRequestFilter {

  static final String REQUEST_ID = "Request-Id";

  private static final Logger LOG = LoggerFactory.getLogger(StripeFilter.class);

  private final byte[] apiKey;
  private final RateLimits limits;
  private final Ids ids;

  StripeFilter(SandboxSettings settings, Ids ids) {
    this.apiKey = settings.apiKey().getBytes(StandardCharsets.UTF_8);
    this.limits = new RateLimits(settings, System::nanoTime);
    this.ids = ids;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    response.setHeader(REQUEST_ID, ids.next("req_", 14));
    if (request.getRequestURI().startsWith("/v1/")) {
      var error = authenticationError(request.getHeader("Authorization"));
      if (error != null) {
        response.setHeader("WWW-Authenticate", "Basic realm=\"Stripe\"");
        ResponseWriter.send(response, StripeJson.error(error));
        return;
      }
      var exceeded = limits.exceeded(request.getMethod(), request.getRequestURI());
      if (exceeded.isPresent()) {
        response.setHeader("Stripe-Rate-Limited-Reason", exceeded.get());
        ResponseWriter.send(response, StripeJson.error(StripeError.rateLimit()));
        return;
      }
    }
    chain.doFilter(request, response);
  }

  private @Nullable StripeError authenticationError(@Nullable String header) {
    var presented = header == null ? null : secret(header);
    if (presented == null || presented.isEmpty()) {
      return StripeError.unauthorized(
          "You did not provide an API key. Provide it in the Authorization header, using Bearer"
              + " auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
    }
    return MessageDigest.isEqual(presented.getBytes(StandardCharsets.UTF_8), apiKey)
        ? null
        : StripeError.unauthorized(
            "Invalid API Key provided: it must be the sandbox's SANDBOX_API_KEY.");
  }

  private static @Nullable String secret(String header) {
    if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return header.substring(7).strip();
    }
    if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
      try {
        var pair =
            new String(
                Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
        return pair.split(":", 2)[0];
      } catch (IllegalArgumentException e) {
        LOG.debug("The Authorization header is not valid Base64", e);
      }
    }
    return null;
  }
}
