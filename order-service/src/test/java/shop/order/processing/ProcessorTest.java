package shop.order.processing;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import shop.common.kafka.Topic;
import shop.common.kafka.Topics;
import shop.common.testkit.Contracts;
import shop.order.ConsumerGroups;
import shop.order.Deadline;
import shop.order.PlaceOrder;
import shop.order.kafka.DeadlineHeader;

/** Runs the topology of the processor with a fixed clock, and gives access to its topics. */
abstract class ProcessorTest {

  static final Instant NOW = Instant.parse("2026-11-21T09:30:01Z");

  @TempDir Path state;
  TopologyTestDriver driver;
  TestOutputTopic<byte[], byte[]> orders;
  TestOutputTopic<byte[], byte[]> deadLetters;
  TestOutputTopic<byte[], byte[]> actions;

  @BeforeEach
  void start() {
    var config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, ConsumerGroups.ORDER_PROCESSOR);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    driver =
        new TopologyTestDriver(OrderTopology.build(Clock.fixed(NOW, ZoneOffset.UTC)), config, NOW);
    orders = output(Topics.ORDERS);
    deadLetters = output(Topics.DEAD_LETTERS);
    actions = output(Topics.DEAD_LETTER_ACTIONS);
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  static ProducerRecord<byte[], byte[]> place(Instant deadline) {
    var record = Contracts.record(PlaceOrder.TYPE);
    DeadlineHeader.write(record.headers(), new Deadline(deadline));
    return record;
  }

  static ProducerRecord<byte[], byte[]> fact(String type) {
    return Contracts.record(type);
  }

  void send(Topic topic, ProducerRecord<byte[], byte[]> record, Instant at) {
    TestInputTopic<byte[], byte[]> input =
        driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
    input.pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), at));
  }

  TestOutputTopic<byte[], byte[]> output(Topic topic) {
    return driver.createOutputTopic(
        topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
