package shop.order.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.ClassPathResource;
import shop.common.kafka.Topics;
import shop.order.OrderServiceTest;
import shop.order.TestOrders;

@OrderServiceTest
class CatalogSeedTest {

  @LocalServerPort int port;
  @Autowired CatalogSeed seed;
  @Autowired KafkaProperties properties;

  @Test
  void theShelvesAreFullOnceTheServiceIsReady() {
    var products = TestOrders.json(new TestOrders(port).get("/products")).get("items");

    var onShelves =
        products
            .valueStream()
            .filter(product -> product.get("left").asLong() > 0)
            .map(product -> product.get("sku").asString());
    var seeded = CatalogFile.read(new ClassPathResource("catalog.csv"));
    assertThat(seeded).hasSize(50);
    assertThat(onShelves).containsAll(seeded.stream().map(entry -> entry.product().sku()).toList());
  }

  @Test
  void aCatalogThatHasProductsIsLeftAlone() throws Exception {
    long before = records();

    seed.run(new DefaultApplicationArguments());

    assertThat(records()).isEqualTo(before);
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
