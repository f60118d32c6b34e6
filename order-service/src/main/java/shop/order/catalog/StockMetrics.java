package shop.order.catalog;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.order.store.Stock;

/**
 * Counts the products of which more pieces are promised than there are. Requests see a stock of 0
 * for them; see monitoring/alerts.yml.
 */
@Component
class StockMetrics implements MeterBinder {

  private static final Logger log = LoggerFactory.getLogger(StockMetrics.class);

  private final Catalog catalog;
  private final Stock stock;
  private final AtomicReference<Set<String>> logged = new AtomicReference<>(Set.of());

  StockMetrics(Catalog catalog, Stock stock) {
    this.catalog = catalog;
    this.stock = stock;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("orders.stock.oversold", this, StockMetrics::oversold)
        .description("Products of which more pieces are promised than there are")
        .register(registry);
  }

  private double measured(Set<String> oversold) {
    if (!oversold.equals(logged.getAndSet(oversold)) && !oversold.isEmpty()) {
      log.error(
          "More pieces are promised than there are of {}; add stock or cancel orders", oversold);
    }
    return oversold.size();
  }

  private double oversold() {
    var skus = catalog.all().stream().map(Product::sku).toList();
    return stock.oversold(skus).map(this::measured).orElse(Double.NaN);
  }
}
