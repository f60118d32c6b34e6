package shop.operations;

import java.time.Instant;

/**
 * An action in an entry's history.
 *
 * @param action what
 * @param at when
 * @param offset its place in the entry's partition of {@code dead-letter-actions}
 * @param counted false if it came too late to change anything
 */
public record HistoryStep(Action action, Instant at, long offset, boolean counted) {}
