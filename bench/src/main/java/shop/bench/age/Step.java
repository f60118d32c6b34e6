package shop.bench.age;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A part of an order's life that happens within a second.
 *
 * @param events in the order in which they were appended
 * @param facts what happened at the payment provider, as its ledger has it
 */
record Step(Instant at, List<LoggedEvent> events, List<Map<String, Object>> facts) {}
