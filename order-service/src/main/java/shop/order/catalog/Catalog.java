package shop.order.catalog;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.json.Json;

/**
 * All products, in the memory of every instance, read from the log {@code catalog}. Of two upserts
 * of the same version every instance applies the first in the log.
 */
@Component
public class Catalog {

  private static final Logger log = LoggerFactory.getLogger(Catalog.class);

  private final ConcurrentSkipListMap<String, Product> products = new ConcurrentSkipListMap<>();
  private final Map<String, CompletableFuture<Boolean>> pending = new ConcurrentHashMap<>();

  /** The product of a SKU; empty if there is none. */
  public Optional<Product> find(String sku) {
    return Optional.ofNullable(products.get(sku));
  }

  /** All products by their SKU. */
  public Collection<Product> all() {
    return Collections.unmodifiableCollection(products.values());
  }

  /**
   * Completes when the upsert has been read from the log: true if it was applied, false if another
   * upsert of the same version came first. To be called before the event is appended.
   */
  CompletableFuture<Boolean> applied(String eventId) {
    return pending.computeIfAbsent(eventId, _ -> new CompletableFuture<>());
  }

  /** Stops waiting for an event. */
  void forget(String eventId) {
    pending.remove(eventId);
  }

  /**
   * Applies a record of the log. Malformed records are skipped; the projector dead-letters them.
   */
  void on(ConsumerRecord<byte[], byte[]> record) {
    try {
      var envelope = Envelope.of(record.headers());
      if (envelope.type().equals(Product.UPSERTED)) {
        boolean applied = apply(Json.read(record.value(), Product.class));
        @Nullable CompletableFuture<Boolean> waiting = pending.remove(envelope.id());
        if (waiting != null) {
          waiting.complete(applied);
        }
      }
    } catch (RuntimeException e) {
      log.warn(
          "Skipped a malformed record of the catalog: {} at offset {}",
          record.topic() + "-" + record.partition(),
          record.offset(),
          e);
    }
  }

  private boolean apply(Product upserted) {
    @Nullable Product present = products.get(upserted.sku());
    long next = present == null ? 1 : present.version() + 1;
    if (upserted.version() != next && upserted.version() != Product.UNNUMBERED) {
      return false;
    }
    products.put(upserted.sku(), upserted.withVersion(next));
    return true;
  }
}
