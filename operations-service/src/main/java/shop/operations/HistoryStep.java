package shop.operations;

import java.time.Instant;

/**
 * An action in an entry's history.
 *
 * @param offset in the entry's partition of {@code dead-letter-actions}
 * @param counted false if the action came too late to have an effect
 */
public record HistoryStep(Action action, Instant at, long offset, boolean counted) {}
