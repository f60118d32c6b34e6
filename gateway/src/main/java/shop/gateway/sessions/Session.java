package shop.gateway.sessions;

import java.time.Instant;
import java.util.UUID;

/**
 * A session that has not ended.
 *
 * @param id the claim {@code sid} of the session's access tokens
 * @param accountId the account that logged in
 * @param created time of the login
 * @param lastSeen time of the login or the last refresh
 * @param device the client that logged in, as it describes itself; empty if it does not
 */
public record Session(
    String id, UUID accountId, Instant created, Instant lastSeen, String device) {}
