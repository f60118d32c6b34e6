package shop.order.changes;

import java.time.Instant;

/**
 * An adjustment of the stock, which is applied once even if its record is repeated.
 *
 * @param id of the adjustment
 * @param delta pieces that are added, or removed if negative
 * @param fingerprint of the request
 * @param source the record: topic-partition@offset
 * @param recordedAt when the record was appended
 */
public record StockChange(
    String id, String sku, long delta, String fingerprint, String source, Instant recordedAt)
    implements Change {}
