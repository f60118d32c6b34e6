package shop.gateway.sessions;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import shop.common.time.TimeLimits;

/**
 * How long sessions live, and how revocations are kept up to date.
 *
 * @param life time from the login or the last refresh until the session expires
 * @param freshnessInterval time between two checks that the topic revocations is read to its end
 * @param staleAfter time without a successful check after which sessions are looked up in Redis
 */
@ConfigurationProperties("shop.sessions")
record SessionSettings(
    @DefaultValue("30d") Duration life,
    @DefaultValue("1s") Duration freshnessInterval,
    @DefaultValue("5s") Duration staleAfter) {

  SessionSettings {
    TimeLimits.requireLonger(
        "shop.sessions.stale-after",
        staleAfter,
        "shop.sessions.freshness-interval",
        freshnessInterval);
  }
}
