package shop.order.projection;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.stereotype.Component;
import shop.common.deadletter.Redrive;
import shop.order.AdjustmentId;
import shop.order.archive.ArchiveUnavailable;
import shop.order.archive.ArchivedAdjustments;
import shop.order.changes.StockChange;
import shop.order.store.Evictions;

/**
 * Recognizes redriven adjustments that counted by another record, of which Redis may have forgotten
 * the id.
 */
@Component
class RedrivenAdjustments {

  private final ArchivedAdjustments archive;
  private final Evictions evictions;

  RedrivenAdjustments(ArchivedAdjustments archive, Evictions evictions) {
    this.archive = archive;
    this.evictions = evictions;
  }

  /**
   * True if another record has made the change.
   *
   * @throws ArchiveUnavailable if PostgreSQL does not tell
   */
  boolean hasCounted(ConsumerRecord<byte[], byte[]> record, StockChange change) {
    if (Redrive.of(record.headers()).isEmpty()) {
      return false;
    }
    var evicted = evictions.evictedSoFar();
    return archive
        .find(new AdjustmentId(change.sku(), change.id()))
        .reaching(evicted::areReachedBy)
        .filter(found -> !found.source().equals(change.source()))
        .isPresent();
  }
}
