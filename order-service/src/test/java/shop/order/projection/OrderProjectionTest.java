package shop.order.projection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.RedriveOutcome;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.common.testkit.Contracts;
import shop.common.testkit.TopicReader;
import shop.common.trace.TraceContext;
import shop.order.ConsumerGroups;
import shop.order.Deadline;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderLine;
import shop.order.OrderServiceTest;
import shop.order.PlaceOrder;
import shop.order.ShippingAddress;
import shop.order.TestOrders;
import shop.order.kafka.DeadlineHeader;
import shop.order.redis.Keys;
import shop.order.store.Positions;

@OrderServiceTest
class OrderProjectionTest {

  /** The largest value in bytes: with headers and framing it has the maximum message size. */
  private static final int MAX_VALUE_BYTES = 1_048_400;

  @LocalServerPort int port;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  @Autowired KafkaProperties properties;
  @Autowired MeterRegistry metrics;
  @Autowired ProjectionConsumer projection;
  @Autowired Positions positions;
  @Autowired AbandonedReservations abandoned;
  @Autowired LettuceConnectionFactory redis;
  TestOrders customer;

  @BeforeEach
  void awaitCatalog() {
    customer = new TestOrders(port);
    await()
        .untilAsserted(() ->
            assertThat(TestOrders.json(customer.get("/products/MUG-BLUE")).path("left").asLong())
                .isPositive());
  }

  @Test
  void aMalformedRecordBecomesADeadLetterAndItsPartitionContinues() {
    byte[] poison = ("malformed event " + UUID.randomUUID()).getBytes(UTF_8);
    for (int partition = 0; partition < Topics.ORDERS.partitions(); partition++) {
      kafka
          .send(new ProducerRecord<>(Topics.ORDERS.name(), partition, new byte[] {1}, poison))
          .join();
    }

    String id = customer.placed("MUG-BLUE", 1);

    await().untilAsserted(() -> assertThat(customer.order(id).get("version").asInt()).isEqualTo(1));
    assertThat(entries(poison))
        .hasSize(Topics.ORDERS.partitions())
        .allSatisfy(letter -> assertThat(letter.group()).isEqualTo(ConsumerGroups.ORDER_VIEW));
  }

  @Test
  void anEventAfterAGapBlocksOnlyItsPartitionUntilTheMissingEventArrives() {
    var orderId = new OrderId(UUID.randomUUID());
    var at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    var buyer = UUID.randomUUID();
    var price = new Money(100, "EUR");
    var first =
        new OrderEvent.Placed(
            new PlaceOrder(
                buyer,
                "a-key-of-a-stranger",
                "fingerprint",
                List.of(OrderLine.of("MUG-BLUE", "Mug", 1, price)),
                price,
                "pm_card_visa",
                new ShippingAddress("Ada Example", "1 Sample Street", "Berlin", "10115", "DE"),
                at));
    var second = new OrderEvent.Confirmed(buyer, price, "pi_1", at);
    var third = new OrderEvent.Shipped(buyer, price, UUID.randomUUID(), "Post", "X1", at);

    appendInOneTransaction(List.of(event(orderId, 1, first), event(orderId, 3, third)));
    int partition = partition(orderId.toString());
    String blocked = placedIn(partition, true);
    String inAnotherPartition = placedIn(partition, false);

    var admin = TestOrders.admin(port);
    await().untilAsserted(() -> assertThat(version(admin, orderId.toString())).isEqualTo(1));
    await().untilAsserted(() -> assertThat(version(customer, inAnotherPartition)).isEqualTo(1));
    await()
        .untilAsserted(() ->
            assertThat(metrics.get("orders.projection.standstill").timeGauge().value())
                .isPositive());
    assertThat(version(customer, blocked)).isZero();

    var missing = event(orderId, 2, second);
    var letter =
        new DeadLetter(
            "order-service",
            ConsumerGroups.ORDER_VIEW,
            Topics.ORDERS.name(),
            partition,
            "unread-" + orderId,
            at,
            Cause.of(new IllegalStateException("The record could not be read"), 1),
            missing.key(),
            missing.value(),
            missing.headers());
    kafka.send(letter.redriven(1)).join();

    await().untilAsserted(() -> assertThat(version(admin, orderId.toString())).isEqualTo(3));
    await().untilAsserted(() -> assertThat(version(customer, blocked)).isEqualTo(1));
    await()
        .untilAsserted(
            () -> assertThat(outcomes(letter.id())).containsExactly(RedriveOutcome.RESOLVED));
  }

  private static ProducerRecord<byte[], byte[]> event(OrderId id, long sequence, OrderEvent event) {
    return new Envelope(
            id + "/" + sequence,
            event.type(),
            "test",
            id.toString(),
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            sequence,
            TraceContext.current())
        .record(Topics.ORDERS.name(), event);
  }

  private static int version(TestOrders client, String id) {
    var order = TestOrders.json(client.get("/orders/" + id));
    return order.has("version") ? order.get("version").asInt() : -1;
  }

  /** Appends records in one transaction, so that one poll returns all of them. */
  private void appendInOneTransaction(List<ProducerRecord<byte[], byte[]>> records) {
    Map<String, Object> settings = properties.buildProducerProperties();
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, UUID.randomUUID().toString());
    try (var producer = new KafkaProducer<byte[], byte[]>(settings)) {
      producer.initTransactions();
      producer.beginTransaction();
      for (var record : records) {
        var _ = producer.send(record);
      }
      producer.commitTransaction();
    }
  }

  /** Places orders until the events of one are in a partition, or in another one. */
  private String placedIn(int partition, boolean inIt) {
    while (true) {
      String id = customer.placed("MUG-BLUE", 1);
      if ((partition(id) == partition) == inIt) {
        return id;
      }
    }
  }

  private static int partition(String id) {
    return BuiltInPartitioner.partitionForKey(id.getBytes(UTF_8), Topics.ORDERS.partitions());
  }

  @Test
  void aReadableRecordWithAnExtremeValueBecomesADeadLetterAndItsPartitionContinues() {
    // given an order that was placed in the year 10^9, and an adjustment that overflows the stock
    var id = new OrderId(UUID.randomUUID());
    String placed =
        new String(Contracts.record(OrderEvent.Placed.TYPE).value(), UTF_8)
            .replaceFirst(
                "\"createdAt\":\"[^\"]*\"", "\"createdAt\":\"+1000000000-12-31T23:59:59Z\"");
    var extreme =
        new Envelope(
                id + "/1",
                OrderEvent.Placed.TYPE,
                "test",
                id.toString(),
                Instant.now(),
                1L,
                TraceContext.current())
            .record(Topics.ORDERS.name(), placed.getBytes(UTF_8));
    var overflow = adjustment("MUG-BLUE", Long.MAX_VALUE, Instant.now().plusSeconds(60));
    long before = available("MUG-BLUE");

    // when they are read
    kafka.send(extreme).join();
    kafka.send(overflow).join();
    kafka.send(adjustment("MUG-BLUE", 1, Instant.now().plusSeconds(60))).join();

    // then they are at the desk, and the records after them are applied
    await().untilAsserted(() -> assertThat(entries(extreme.value())).hasSize(1));
    await().untilAsserted(() -> assertThat(entries(overflow.value())).hasSize(1));
    await().untilAsserted(() -> assertThat(available("MUG-BLUE")).isEqualTo(before + 1));
    String next = placedIn(partition(id.toString()), true);
    await()
        .untilAsserted(() -> assertThat(customer.order(next).get("version").asInt()).isEqualTo(1));
  }

  @Test
  void anAdjustmentAppendedAfterItsDeadlineIsIgnored() {
    long before = available("TEAPOT-GLASS");

    kafka.send(adjustment("TEAPOT-GLASS", 1000, Instant.now().minusSeconds(1))).join();
    kafka.send(adjustment("TEAPOT-GLASS", 1, Instant.now().plusSeconds(60))).join();

    await().untilAsserted(() -> assertThat(available("TEAPOT-GLASS")).isEqualTo(before + 1));
  }

  private long available(String sku) {
    return TestOrders.json(customer.get("/products/" + sku)).path("left").asLong();
  }

  private static ProducerRecord<byte[], byte[]> adjustment(
      String sku, long delta, Instant deadline) {
    var data = Map.of("sku", sku, "delta", delta, "reason", "for a test");
    var record =
        Envelope.of("shop.stock.adjusted.v1", "test", sku, Instant.now())
            .record(Topics.CATALOG.name(), data);
    DeadlineHeader.write(record.headers(), new Deadline(deadline));
    return record;
  }

  @Test
  void anOversoldProductIsMeasuredAndShownAsOutOfStock() {
    long before = available("TEAPOT-GLASS");
    var later = Instant.now().plusSeconds(60);

    kafka.send(adjustment("TEAPOT-GLASS", -before - 3, later)).join();

    await().untilAsserted(() -> assertThat(oversold()).isEqualTo(1));
    assertThat(available("TEAPOT-GLASS")).isZero();
    kafka.send(adjustment("TEAPOT-GLASS", before + 3, later)).join();
    await().untilAsserted(() -> assertThat(oversold()).isZero());
  }

  private double oversold() {
    return metrics.get("orders.stock.oversold").gauge().value();
  }

  @Test
  void aMessageOfTheMaximumSizeBecomesADeadLetter() {
    byte[] poison = new byte[MAX_VALUE_BYTES];
    Arrays.fill(poison, (byte) 'x');
    for (var topic : List.of(Topics.ORDERS, Topics.ORDER_COMMANDS)) {
      kafka.send(new ProducerRecord<>(topic.name(), 0, new byte[] {1}, poison)).join();
    }

    await()
        .untilAsserted(() ->
            assertThat(entries(poison))
                .extracting(DeadLetter::group)
                .containsExactlyInAnyOrder(
                    ConsumerGroups.ORDER_VIEW, ConsumerGroups.ORDER_PROCESSOR));
    String id = customer.placed("MUG-BLUE", 1);
    await().untilAsserted(() -> assertThat(customer.order(id).get("version").asInt()).isEqualTo(1));
  }

  @Test
  void aRedriveThatFailsAgainIsReportedOnlyAsThat() {
    byte[] poison = ("another malformed event " + UUID.randomUUID()).getBytes(UTF_8);
    kafka.send(new ProducerRecord<>(Topics.ORDERS.name(), 0, new byte[] {1}, poison)).join();
    await().until(() -> !entries(poison).isEmpty());
    var entry = entries(poison).getFirst();

    kafka.send(entry.redriven(1)).join();
    kafka.send(ofAnotherGroup(entry).redriven(1)).join();
    kafka.send(entry.redriven(2)).join();

    await()
        .untilAsserted(() ->
            assertThat(outcomes(entry.id()))
                .containsExactly(RedriveOutcome.FAILED_AGAIN, RedriveOutcome.FAILED_AGAIN));
    assertThat(outcomes(ofAnotherGroup(entry).id())).doesNotContain(RedriveOutcome.RESOLVED);
  }

  @Test
  void theOutcomeOfARedriveThatWasAppliedBeforeACrashIsReportedByTheNextOwner() {
    // given an instance that applied a redrive to Redis and crashed before it reported the outcome
    var letter = deadLetteredAdjustment();
    projection.stop();
    var metadata = kafka.send(letter.redriven(1)).join().getRecordMetadata();
    var partition = new TopicPartition(metadata.topic(), metadata.partition());
    var batch = positions.batchFrom(partition, positions.of(List.of(partition)).get(partition));
    batch.extendTo(metadata.offset() + 1);
    var applied = batch.apply();
    positions.flush();
    assertThat(applied.join().isApplied()).isTrue();

    // when the next instance takes its partitions
    projection.start();

    // then it reports the outcome
    await()
        .untilAsserted(
            () -> assertThat(outcomes(letter.id())).containsExactly(RedriveOutcome.RESOLVED));
    assertThat(positions.of(List.of(partition)).get(partition))
        .isGreaterThanOrEqualTo(metadata.offset() + 1);
  }

  @Test
  void anOutcomeThatWasReportedIsNotReportedAgainAfterARestart() {
    // given a reported outcome, whose offset is committed
    var first = deadLetteredAdjustment();
    var metadata = kafka.send(first.redriven(1)).join().getRecordMetadata();
    var partition = new TopicPartition(metadata.topic(), metadata.partition());
    await().until(() -> reportedUpTo(partition) > metadata.offset());

    // when the projector starts again and reports another one of the same partition
    projection.stop();
    projection.start();
    var second = deadLetteredAdjustment();
    kafka.send(second.redriven(1)).join();

    // then the first outcome was reported once
    await()
        .untilAsserted(
            () -> assertThat(outcomes(second.id())).containsExactly(RedriveOutcome.RESOLVED));
    assertThat(outcomes(first.id())).containsExactly(RedriveOutcome.RESOLVED);
  }

  @Test
  void anOutcomeThatWasReportedIsNotReportedAgainWhenRedisIsRewound() {
    // given a reported outcome of a redrive that Redis no longer has
    var first = deadLetteredAdjustment();
    var metadata = kafka.send(first.redriven(1)).join().getRecordMetadata();
    var partition = new TopicPartition(metadata.topic(), metadata.partition());
    await().until(() -> reportedUpTo(partition) > metadata.offset());
    projection.stop();
    try (var connection = ((RedisClient) redis.getRequiredNativeClient()).connect()) {
      connection
          .sync()
          .hset("positions", Keys.position(partition), Long.toString(metadata.offset()));
    }

    // when it is applied again
    projection.start();
    await().until(() -> positions.of(List.of(partition)).get(partition) > metadata.offset());
    var second = deadLetteredAdjustment();
    kafka.send(second.redriven(1)).join();

    // then only outcomes that were not reported are reported
    await()
        .untilAsserted(
            () -> assertThat(outcomes(second.id())).containsExactly(RedriveOutcome.RESOLVED));
    assertThat(outcomes(first.id())).containsExactly(RedriveOutcome.RESOLVED);
  }

  private long reportedUpTo(TopicPartition partition) throws Exception {
    try (var admin = Admin.create(properties.buildAdminProperties())) {
      var offset =
          admin
              .listConsumerGroupOffsets(ConsumerGroups.ORDER_VIEW)
              .partitionsToOffsetAndMetadata()
              .get()
              .get(partition);
      return offset == null ? 0 : offset.offset();
    }
  }

  /** A dead letter of the projector, which can be applied when it is redriven. */
  private static DeadLetter deadLetteredAdjustment() {
    var record = adjustment("MUG-BLUE", 1, Instant.now());
    return new DeadLetter(
        "order-service",
        ConsumerGroups.ORDER_VIEW,
        Topics.CATALOG.name(),
        0,
        "unread-" + UUID.randomUUID(),
        Instant.now(),
        Cause.of(new IllegalStateException("The record could not be read"), 1),
        record.key(),
        record.value(),
        record.headers());
  }

  private static DeadLetter ofAnotherGroup(DeadLetter letter) {
    return new DeadLetter(
        letter.service(),
        ConsumerGroups.ORDER_PROCESSOR,
        letter.topic(),
        letter.partition(),
        letter.position(),
        letter.failedAt(),
        letter.cause(),
        letter.key(),
        letter.value(),
        letter.headers());
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

  @Test
  void allAbandonedReservationsAreReleasedThoughThereAreManyPages() {
    String sku = "ABANDONED-" + UUID.randomUUID();
    var ids = IntStream.range(0, 350).mapToObj(_ -> UUID.randomUUID().toString()).toList();
    double past = Instant.now().minusSeconds(3600).getEpochSecond() * 1000.0;
    try (var connection = ((RedisClient) redis.getRequiredNativeClient()).connect()) {
      var commands = connection.sync();
      for (var id : ids) {
        commands.hset("reservation:" + id, sku, "1");
        commands.zadd("reservations", past, id);
      }

      abandoned.release();

      assertThat(commands.get("stock:" + sku)).isEqualTo("350");
      assertThat(commands.zmscore("reservations", ids.toArray(String[]::new))).containsOnlyNulls();
    }
  }

  private List<DeadLetter> entries(byte[] body) {
    return TopicReader.all(Topics.DEAD_LETTERS).stream()
        .map(record -> DeadLetter.read(record.headers(), record.value()))
        .filter(letter -> Arrays.equals(body, letter.value()))
        .toList();
  }

  private List<String> outcomes(String entry) {
    return TopicReader.all(Topics.DEAD_LETTER_ACTIONS).stream()
        .map(record -> Envelope.of(record.headers()))
        .filter(envelope -> envelope.subject().equals(entry))
        .map(Envelope::type)
        .toList();
  }
}
