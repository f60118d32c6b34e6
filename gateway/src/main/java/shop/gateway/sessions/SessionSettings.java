package shop.gateway.sessions;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import shop.common.kafka.Topics;
import shop.common.time.TimeLimits;

/**
 * How long sessions live, and how revocations are kept up to date.
 *
 * @param idleTimeout time from the login or the last refresh until a session expires
 * @param maxLifetime time from the login until it expires, however often it is refreshed; shorter
 *     than the retention of the topic revocations
 * @param maxPerAccount sessions of an account; one more ends the one that was refreshed longest ago
 * @param repeatWindow time after a refresh for which the same refresh token returns the same next
 *     one, for clients that did not receive the response
 * @param freshnessInterval time between two checks that the topic revocations is read to its end
 * @param staleAfter time without a successful check after which sessions are looked up in Redis
 */
@ConfigurationProperties("shop.sessions")
record SessionSettings(
    @DefaultValue("30d") Duration idleTimeout,
    @DefaultValue("90d") Duration maxLifetime,
    @DefaultValue("100") int maxPerAccount,
    @DefaultValue("10s") Duration repeatWindow,
    @DefaultValue("250ms") Duration freshnessInterval,
    @DefaultValue("1s") Duration staleAfter) {

  SessionSettings {
    if (maxPerAccount < 1 || maxPerAccount > 1000) {
      throw new IllegalArgumentException("shop.sessions.max-per-account must be 1 to 1000");
    }
    TimeLimits.requireLonger(
        "shop.sessions.stale-after",
        staleAfter,
        "shop.sessions.freshness-interval",
        freshnessInterval);
    TimeLimits.requireLonger(
        "the retention of the topic revocations",
        Topics.REVOCATIONS.retention(),
        "shop.sessions.max-lifetime",
        maxLifetime);
  }
}
