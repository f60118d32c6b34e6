package shop.operations.desk;

import java.time.Instant;

/** A position in the list of entries, which is sorted newest first, then by id. */
public record SortKey(Instant failedAt, String id) {}
