package shop.order.catalog;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.json.MalformedJson;

/** All products, in the memory of every instance, as the log of the catalog tells them. */
@Component
public class Catalog {

  private static final Logger log = LoggerFactory.getLogger(Catalog.class);

  private final ConcurrentSkipListMap<String, Product> products = new ConcurrentSkipListMap<>();

  /** The product of a sku; empty if there is none. */
  public Optional<Product> find(String sku) {
    return Optional.ofNullable(products.get(sku));
  }

  /** All products by their sku. */
  public Collection<Product> all() {
    return Collections.unmodifiableCollection(products.values());
  }

  /** Takes what the log tells. Malformed records are the projector's to give up on, not ours. */
  void on(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (Envelope.of(record.headers()).type().equals(Product.UPSERTED)) {
        var product = Json.read(record.value(), Product.class);
        products.put(product.sku(), product);
      }
    } catch (MalformedEvent | MalformedJson e) {
      log.warn("Passed over a malformed record of the catalog at offset {}", record.offset(), e);
    }
  }
}
