package shop.bench.age;

import java.time.Instant;
import java.util.Map;

/**
 * An event of an order in the log.
 *
 * @param type that of the contract
 * @param sequence its number among the order's events, from 1; 0 for an event without a number
 * @param data the fields of the contract
 */
record LoggedEvent(String topic, String type, Instant at, int sequence, Map<String, Object> data) {}
