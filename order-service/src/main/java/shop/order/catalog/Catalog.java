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
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.json.MalformedJson;

/**
 * All products, in the memory of every instance, as the log of the catalog tells them. Of two
 * upserts on the same version the first in the log counts, on every instance alike.
 */
@Component
public class Catalog {

  private static final Logger log = LoggerFactory.getLogger(Catalog.class);

  private final ConcurrentSkipListMap<String, Product> products = new ConcurrentSkipListMap<>();
  private final Map<String, CompletableFuture<Boolean>> asked = new ConcurrentHashMap<>();

  /** The product of a sku; empty if there is none. */
  public Optional<Product> find(String sku) {
    return Optional.ofNullable(products.get(sku));
  }

  /** All products by their sku. */
  public Collection<Product> all() {
    return Collections.unmodifiableCollection(products.values());
  }

  /** Whether the upsert of an event will have counted; asked for before it is appended. */
  CompletableFuture<Boolean> fate(String eventId) {
    return asked.computeIfAbsent(eventId, _ -> new CompletableFuture<>());
  }

  /** Nobody waits for it any more. */
  void forget(String eventId) {
    asked.remove(eventId);
  }

  /** Takes what the log tells. Malformed records are the projector's to give up on, not ours. */
  void on(ConsumerRecord<byte[], byte[]> record) {
    try {
      var envelope = Envelope.of(record.headers());
      if (envelope.type().equals(Product.UPSERTED)) {
        boolean counted = take(Json.read(record.value(), Product.class));
        @Nullable CompletableFuture<Boolean> fate = asked.remove(envelope.id());
        if (fate != null) {
          fate.complete(counted);
        }
      }
    } catch (MalformedEvent | MalformedJson e) {
      log.warn("Passed over a malformed record of the catalog at offset {}", record.offset(), e);
    }
  }

  private boolean take(Product upserted) {
    @Nullable Product present = products.get(upserted.sku());
    long next = present == null ? 1 : present.version() + 1;
    if (upserted.version() != next && upserted.version() != Product.UNNUMBERED) {
      return false;
    }
    products.put(upserted.sku(), upserted.withVersion(next));
    return true;
  }
}
