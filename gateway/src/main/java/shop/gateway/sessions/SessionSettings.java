package shop.gateway.sessions;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long sessions live.
 *
 * @param life from the login or the last refresh to the end
 * @param pulse how often it is asked where the topic of revocations ends
 * @param staleAfter without an answer for so long, Redis is asked whether a session is still there
 */
@ConfigurationProperties("shop.sessions")
record SessionSettings(
    @DefaultValue("30d") Duration life,
    @DefaultValue("1s") Duration pulse,
    @DefaultValue("5s") Duration staleAfter) {}
