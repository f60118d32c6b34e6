package shop.order;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order with its timeline and its pieces, as one view of the log hands it over to another.
 *
 * @param createdMillis when it was placed, in milliseconds since 1970
 * @param version number of its last event; 0 if it is withheld, or was cancelled while it was
 * @param fingerprint of the request that placed it
 * @param command the JSON of the command that placed it; null while only a summary is known
 * @param withheld the JSON of the summary; null if the command is known
 * @param fields what events have added
 * @param timeline the entries of its events as JSON, from the first to the last
 * @param pieces sku → pieces that are reserved for it
 */
public record OrderSnapshot(
    OrderId id,
    UUID customerId,
    OrderStatus status,
    long createdMillis,
    long version,
    String fingerprint,
    @Nullable String command,
    @Nullable String withheld,
    Map<String, String> fields,
    List<String> timeline,
    Map<String, Integer> pieces) {}
