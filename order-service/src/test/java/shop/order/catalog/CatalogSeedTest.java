package shop.order.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.ClassPathResource;
import org.springframework.kafka.KafkaException;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.order.OrderServiceTest;
import shop.order.TestOrders;

@OrderServiceTest
class CatalogSeedTest {

  @LocalServerPort int port;
  @Autowired CatalogSeed seed;
  @Autowired KafkaProperties properties;

  @Test
  void theStockIsLoadedWhenTheServiceIsReady() {
    var products = TestOrders.json(new TestOrders(port).get("/products")).get("items");

    var inStock =
        products
            .valueStream()
            .filter(product -> product.get("left").asLong() > 0)
            .map(product -> product.get("sku").asString());
    var seeded = CatalogFile.read(new ClassPathResource("catalog.csv"));
    assertThat(seeded).hasSize(50);
    assertThat(inStock).containsAll(seeded.stream().map(row -> row.product().sku()).toList());
  }

  @Test
  void aCatalogWithProductsIsNotSeeded() throws Exception {
    long before = records();

    seed.run(new DefaultApplicationArguments());

    assertThat(records()).isEqualTo(before);
  }

  @Test
  void aFileThatCannotBeAppendedCompletelyLeavesNothing() {
    String sku = "SEED-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
    var good = new CatalogFile.Row(product(sku + "-1", "a mug"), 7);
    var tooLarge = new CatalogFile.Row(product(sku + "-2", "x".repeat(3 << 20)), 7);

    assertThatThrownBy(() -> seed.append(List.of(good, tooLarge)))
        .isInstanceOf(KafkaException.class);
    seed.append(List.of(new CatalogFile.Row(product(sku + "-3", "a mug"), 7)));

    var customer = new TestOrders(port);
    await().untilAsserted(() -> assertThat(left(customer, sku + "-3")).isEqualTo(7));
    assertThat(customer.get("/products/" + sku + "-1").statusCode()).isEqualTo(404);
  }

  @Test
  void seedingWaitsForABrokerLongerThanARequestDoes() {
    String sku = "SLOW-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
    var producer = properties.getProducer().getProperties();
    var configured = producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "1");
    try {
      seed.append(List.of(new CatalogFile.Row(product(sku, "a mug"), 7)));
    } finally {
      producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, configured);
    }

    await().untilAsserted(() -> assertThat(left(new TestOrders(port), sku)).isEqualTo(7));
  }

  private static long left(TestOrders customer, String sku) {
    return TestOrders.json(customer.get("/products/" + sku)).path("left").asLong();
  }

  private static Product product(String sku, String description) {
    return new Product(sku, "A mug", description, "mugs", List.of(new Money(1200, "EUR")), 1);
  }

  private long records() {
    try (var reader = new KafkaConsumer<byte[], byte[]>(properties.buildConsumerProperties())) {
      List<TopicPartition> partitions =
          reader.partitionsFor(Topics.CATALOG.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      return reader.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
