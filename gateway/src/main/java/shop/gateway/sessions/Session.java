package shop.gateway.sessions;

import java.time.Instant;
import java.util.UUID;

/**
 * A login that goes on.
 *
 * @param id in every token of the session, as {@code sid}
 * @param accountId whose it is
 * @param created when the login was
 */
public record Session(String id, UUID accountId, Instant created) {}
