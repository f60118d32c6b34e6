package shop.order.projection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.deadletter.DeadLetter;
import shop.common.kafka.Topics;
import shop.order.OrderServiceTest;
import shop.order.TestOrders;

@OrderServiceTest
class OrderProjectionTest {

  @LocalServerPort int port;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  @Autowired KafkaProperties properties;
  TestOrders customer;

  @BeforeEach
  void catalogIsThere() {
    customer = new TestOrders(port);
    await()
        .untilAsserted(() ->
            assertThat(TestOrders.json(customer.get("/products/MUG-BLUE")).get("left").asLong())
                .isPositive());
  }

  @Test
  void aPoisonedRecordBecomesADeadLetterAndItsPartitionMovesOn() {
    byte[] poison = ("no event " + UUID.randomUUID()).getBytes(UTF_8);
    for (int partition = 0; partition < Topics.ORDERS.partitions(); partition++) {
      kafka
          .send(new ProducerRecord<>(Topics.ORDERS.name(), partition, new byte[] {1}, poison))
          .join();
    }

    String id = customer.placed("MUG-BLUE", 1);

    await().untilAsserted(() -> assertThat(customer.order(id).get("version").asInt()).isEqualTo(1));
    assertThat(deadLetters())
        .filteredOn(letter -> Arrays.equals(poison, letter.value()))
        .hasSize(Topics.ORDERS.partitions())
        .allSatisfy(letter -> assertThat(letter.group()).isEqualTo("order-view"));
  }

  @Test
  void manyRequestsWithOneKeyMakeOneOrder() throws Exception {
    String key = UUID.randomUUID().toString();
    String body = TestOrders.body("MUG-BLUE", 1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> calls =
          IntStream.range(0, 50)
              .<Callable<Integer>>mapToObj(_ -> () -> customer.place(key, body).statusCode())
              .toList();
      List<Integer> statuses = new ArrayList<>();
      for (var call : threads.invokeAll(calls)) {
        statuses.add(call.get());
      }

      assertThat(statuses).contains(201).allMatch(status -> status == 201 || status == 409);
    }
    assertThat(TestOrders.json(customer.get("/orders")).get("items")).hasSize(1);
  }

  private List<DeadLetter> deadLetters() {
    Map<String, Object> settings = properties.buildConsumerProperties();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, UUID.randomUUID().toString());
    List<DeadLetter> letters = new ArrayList<>();
    try (var reader = new KafkaConsumer<byte[], byte[]>(settings)) {
      var partitions =
          IntStream.range(0, Topics.DEAD_LETTERS.partitions())
              .mapToObj(number -> new TopicPartition(Topics.DEAD_LETTERS.name(), number))
              .toList();
      reader.assign(partitions);
      reader.seekToBeginning(partitions);
      var ends = reader.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> reader.position(e.getKey()) < e.getValue())) {
        for (var record : reader.poll(Duration.ofMillis(100))) {
          letters.add(DeadLetter.read(record.headers(), record.value()));
        }
      }
    }
    return letters;
  }
}
