package shop.gateway.traffic;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the topic traffic says of one request: nothing that identifies a client or an order.
 *
 * @param time when its head had arrived
 * @param gateway name of the gateway
 * @param route id of its route, or the path template of one of the gateway's own endpoints; null if
 *     there is neither
 * @param service whose route it is; null for the gateway's own endpoints and responses from the
 *     cache
 * @param instance that it was sent to last; null if it was not sent
 * @param method {@code OTHER} if HTTP does not define it
 * @param status of the response; 0 if there was none
 * @param durationMicros until the response was written
 * @param upstreamMicros of the last attempt, until the headers of the response; null if there were
 *     none
 * @param bytesIn of the body
 * @param bytesOut of the body
 * @param attempts how often it was sent to an instance
 * @param cache result, such as {@code hit}; null if its path is not cached
 * @param rateLimit {@code allowed} or {@code refused}; null if no limit was applied
 * @param region of the client; null if it is unknown
 * @param outcome {@code completed}, {@code cancelled} by the client, or {@code error} if the
 *     response broke off
 */
record TrafficRecord(
    Instant time,
    String gateway,
    @Nullable String route,
    @Nullable String service,
    @Nullable String instance,
    String method,
    int status,
    long durationMicros,
    @Nullable Long upstreamMicros,
    long bytesIn,
    long bytesOut,
    int attempts,
    @Nullable String cache,
    @Nullable String rateLimit,
    @Nullable String region,
    String outcome) {

  static final String TYPE = "shop.gateway.request-handled.v1";
}
