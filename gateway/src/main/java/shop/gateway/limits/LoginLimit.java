package shop.gateway.limits;

import java.util.Locale;
import java.util.Objects;
import org.springframework.stereotype.Component;
import shop.common.problem.Problem;

/**
 * Limits logins to one account, from whatever addresses and whether or not it exists; those of one
 * address are limited as other requests are. Blocks; must not be called on the event loop.
 */
@Component
public final class LoginLimit {

  private final RateLimiter limiter;
  private final Policy policy;

  LoginLimit(RateLimiter limiter, LimitSettings settings) {
    this.limiter = limiter;
    this.policy = settings.policy(LimitSettings.LOGIN_ACCOUNT, settings.loginAccount(), true);
  }

  /**
   * Counts a login.
   *
   * @param email as it was typed
   * @throws Problem 429 if there were too many, 503 if Redis is unavailable
   */
  public void require(String email) {
    var decision =
        Objects.requireNonNull(
            limiter.take(policy, "account:" + email.toLowerCase(Locale.ROOT)).block());
    if (!decision.allowed()) {
      var problem = RateLimitHeaders.refused(policy, decision);
      RateLimitHeaders.add(problem.getHeaders(), policy, decision);
      throw problem;
    }
  }
}
