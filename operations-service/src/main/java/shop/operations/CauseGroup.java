package shop.operations;

import java.time.Instant;

/**
 * Entries with the same cause.
 *
 * @param exception of the latest failure
 * @param place of the latest failure
 * @param count of entries
 * @param oldest when the first of them was dead-lettered
 * @param newest when the last of them was dead-lettered
 */
public record CauseGroup(
    String exception, String place, long count, Instant oldest, Instant newest) {}
