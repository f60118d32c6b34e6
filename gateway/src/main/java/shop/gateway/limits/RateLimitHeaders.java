package shop.gateway.limits;

import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;
import shop.common.problem.Problem;

/**
 * What a client learns of its limit: the fields RateLimit-Policy and RateLimit
 * (draft-ietf-httpapi-ratelimit-headers-10; structured fields, RFC 9651), and the problem of a
 * refused request.
 */
final class RateLimitHeaders {

  private static final String POLICY = "RateLimit-Policy";
  private static final String LIMIT = "RateLimit";

  private RateLimitHeaders() {}

  /** Adds the fields to a response, whoever writes it. */
  static void addOnCommit(ServerHttpResponse response, Policy policy, Decision decision) {
    response.beforeCommit(() -> {
      add(response.getHeaders(), policy, decision);
      return Mono.empty();
    });
  }

  /** The problem of a refused request. */
  static Problem refused(Policy policy, Decision decision) {
    long seconds = decision.retryAfterSeconds();
    return Problem.of(HttpStatus.TOO_MANY_REQUESTS, "too-many-requests", "Too many requests")
        .detail(
            "The limit %s allows %d requests in %d s; retry in %d s"
                .formatted(
                    policy.name(),
                    policy.quota().limit(),
                    policy.quota().period().toSeconds(),
                    seconds))
        .with("violated-policies", List.of(policy.name()))
        .header(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
  }

  /** Several policies are several items of the lists. */
  static void add(HttpHeaders headers, Policy policy, Decision decision) {
    headers.add(POLICY, policy.header());
    headers.add(
        LIMIT,
        "\"" + policy.name() + "\";r=" + decision.remaining() + ";t=" + decision.resetSeconds());
  }
}
