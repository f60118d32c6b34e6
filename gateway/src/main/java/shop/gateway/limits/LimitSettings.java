package shop.gateway.limits;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.http.HttpMethod;
import shop.common.time.TimeLimits;

/**
 * Rate limits.
 *
 * @param factor multiplies every limit and burst, for load tests; 1 to 10,000
 * @param rules the first that matches a request limits it; a request that none matches is not
 *     limited
 * @param loginAccount logins to one account, from whatever address; without Redis, refused
 * @param unauthorized requests of one address that authorization refuses
 */
@ConfigurationProperties("shop.limits")
record LimitSettings(
    @DefaultValue("1") int factor,
    @DefaultValue Redis redis,
    @DefaultValue Local local,
    @DefaultValue List<Rule> rules,
    Quota loginAccount,
    Quota unauthorized) {

  private static final int MAX_FACTOR = 10_000;
  static final String LOGIN_ACCOUNT = "login-account";
  static final String UNAUTHORIZED = "unauthorized";

  LimitSettings {
    if (factor < 1 || factor > MAX_FACTOR) {
      throw new IllegalArgumentException("shop.limits.factor must be 1 to " + MAX_FACTOR);
    }
    rules = List.copyOf(rules);
    var names = new HashSet<>(Set.of(LOGIN_ACCOUNT, UNAUTHORIZED));
    rules.forEach(rule -> {
      if (!names.add(rule.name())) {
        throw new IllegalArgumentException(
            "The name '%s' in shop.limits.rules is taken; choose another".formatted(rule.name()));
      }
    });
  }

  /** A policy of these settings. */
  Policy policy(String name, Quota quota, boolean refusedWithoutRedis) {
    var scaled = quota.times(factor);
    return new Policy(name, scaled, scaled.dividedBy(local.gateways()), refusedWithoutRedis);
  }

  /**
   * How Redis is asked.
   *
   * @param timeout after which a request is decided without it
   * @param refusingTimeout the same for requests that are refused without it
   * @param retryInterval between two requests that ask an unavailable Redis
   */
  record Redis(
      @DefaultValue("100ms") Duration timeout,
      @DefaultValue("1s") Duration refusingTimeout,
      @DefaultValue("1s") Duration retryInterval) {

    Redis {
      if (timeout.toMillis() < 1) {
        throw new IllegalArgumentException("shop.limits.redis.timeout must be at least 1 ms");
      }
      TimeLimits.requireAtLeast(
          "shop.limits.redis.refusing-timeout",
          refusingTimeout,
          "shop.limits.redis.timeout",
          timeout);
      TimeLimits.requireAtLeast(
          "shop.limits.redis.retry-interval", retryInterval, "shop.limits.redis.timeout", timeout);
    }
  }

  /**
   * Limits without Redis.
   *
   * @param gateways by which each limit is divided
   * @param maxKeys that are remembered, of about 200 bytes each
   */
  record Local(@DefaultValue("1") int gateways, @DefaultValue("10000") int maxKeys) {

    Local {
      if (gateways < 1 || maxKeys < 1) {
        throw new IllegalArgumentException(
            "shop.limits.local.gateways and max-keys must be at least 1");
      }
    }
  }

  /** What happens to a request while Redis is unavailable. */
  enum WithoutRedis {
    /** Limited by this gateway alone. */
    LOCAL,
    /** Refused with 503. */
    REFUSE
  }

  /**
   * The limit of some requests.
   *
   * @param name in the response headers and in metrics: lower-case letters, digits and hyphens
   * @param methods all if empty; GET includes HEAD
   * @param path pattern of Spring, such as <code>/orders/{id}/**</code>
   * @param key whose requests are counted together
   */
  record Rule(
      String name,
      @DefaultValue Set<HttpMethod> methods,
      String path,
      LimitKey key,
      @DefaultValue("token-bucket") Algorithm algorithm,
      int limit,
      Duration period,
      @Nullable Integer burst,
      @DefaultValue("local") WithoutRedis withoutRedis) {

    private static final int MAX_NAME = 32;

    Rule {
      if (name.length() > MAX_NAME || !name.matches("[a-z][a-z0-9-]*")) {
        throw new IllegalArgumentException(
            "The name '%s' in shop.limits.rules must be lower-case letters, digits and hyphens, at most %d"
                .formatted(name, MAX_NAME));
      }
      methods = withHead(methods);
    }

    Quota quota() {
      return new Quota(algorithm, limit, period, burst);
    }

    private static Set<HttpMethod> withHead(Set<HttpMethod> methods) {
      var all = new HashSet<>(methods);
      if (all.contains(HttpMethod.GET)) {
        all.add(HttpMethod.HEAD);
      }
      return Set.copyOf(all);
    }
  }
}
