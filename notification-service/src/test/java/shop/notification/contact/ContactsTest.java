package shop.notification.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.common.kafka.LogEnds;
import shop.common.kafka.Topics;
import shop.local.broker.Brokers;
import shop.notification.Shopper;
import shop.notification.TestSchema;
import shop.notification.TestTopics;

/** The table and the topic, between which the tests stand in for the follower. */
@Tag("slow")
class ContactsTest {

  private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", Brokers.kafka());
  private static final Duration LONG = Duration.ofSeconds(30);

  private final TestSchema schema = new TestSchema();
  private final ContactTable table = new ContactTable(schema.jdbc());
  private final AccountRecords records = new AccountRecords(table);
  private final LogEnds ends = new LogEnds(KAFKA, List.of(Topics.ACCOUNTS));
  private final Shopper ada = Shopper.random();

  @BeforeAll
  static void topic() throws Exception {
    try (var admin = Admin.create(KAFKA)) {
      var topic = new NewTopic(Topics.ACCOUNTS.name(), Topics.ACCOUNTS.partitions(), (short) 1);
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(TopicExistsException.class);
    }
  }

  @AfterEach
  void close() {
    ends.close();
    schema.close();
  }

  @Test
  void contactInTheTableNeedsNoKafka() {
    records.apply(List.of(read(ada.registers())));
    try (var unreachable =
        new LogEnds(Map.of("bootstrap.servers", "127.0.0.1:1"), List.of(Topics.ACCOUNTS))) {
      var contacts = new Contacts(table, unreachable, new ContactSettings(Duration.ofMillis(1)));

      assertThat(contacts.of(ada.id()).email()).isEqualTo(ada.email());
    }
  }

  @Test
  void accountIsUnknownOnlyOnceTheTableHasTheTopicToItsEnd() throws Exception {
    // given a table that lacks one record
    append(ada);
    var behind = ends.query(LONG);
    var last =
        behind.keySet().stream()
            .filter(partition -> behind.get(partition) > 0)
            .findFirst()
            .orElseThrow();
    behind.merge(last, -1L, Long::sum);
    setPositions(behind);
    var stranger = Shopper.random().id();

    // when, then
    assertThatThrownBy(() -> contacts(Duration.ofMillis(200)).of(stranger))
        .isInstanceOf(ContactsUnavailable.class);

    // and once it has that record
    setPositions(ends.query(LONG));
    assertThatThrownBy(() -> contacts(LONG).of(stranger))
        .isInstanceOf(UnknownContact.class)
        .hasMessageContaining(stranger.toString());
  }

  @Test
  void accountIsNotUnknownWhileTheTableIsEmptiedAndFilledAgain() {
    append(ada);

    assertThatThrownBy(() -> contacts(Duration.ofMillis(200)).of(ada.id()))
        .isInstanceOf(ContactsUnavailable.class);
  }

  @Test
  void lookupWaitsUntilTheRegistrationIsApplied() throws Exception {
    append(ada);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var lookup = threads.submit(() -> contacts(LONG).of(ada.id()));

      records.apply(List.of(read(ada.registers())));

      assertThat(lookup.get().email()).isEqualTo(ada.email());
    }
  }

  @Test
  void lookupFailsWhileTheDatabaseOrKafkaIsAway() {
    var settings = new ContactSettings(Duration.ofMillis(100));
    assertThatThrownBy(
            () -> new Contacts(new ContactTable(TestSchema.away()), ends, settings).of(ada.id()))
        .isInstanceOf(ContactsUnavailable.class);
    try (var unreachable =
        new LogEnds(Map.of("bootstrap.servers", "127.0.0.1:1"), List.of(Topics.ACCOUNTS))) {
      assertThatThrownBy(() -> new Contacts(table, unreachable, settings).of(ada.id()))
          .isInstanceOf(ContactsUnavailable.class);
    }
  }

  @Test
  void firstRegistrationWinsAndMalformedRecordsAreSkipped() {
    var registered = ada.registers();
    var later =
        new ProducerRecord<>(
            registered.topic(),
            null,
            registered.key(),
            Shopper.random().registers().value(),
            registered.headers());
    var malformed =
        new ProducerRecord<>(
            registered.topic(), null, registered.key(), new byte[] {'{'}, registered.headers());
    var nul = new Shopper("a\0b@example.org");

    records.apply(List.of(read(malformed), read(registered), read(later), read(nul.registers())));
    records.apply(List.of(read(later)));

    assertThat(table.find(ada.id())).hasValue(new Contact(ada.email()));
    assertThat(table.find(nul.id())).hasValue(new Contact("a\ufffdb@example.org"));
  }

  private Contacts contacts(Duration timeout) {
    return new Contacts(table, ends, new ContactSettings(timeout));
  }

  private void setPositions(Map<TopicPartition, Long> offsets) {
    offsets.forEach((partition, next) ->
        schema
            .jdbc()
            .sql(
                """
                INSERT INTO positions VALUES (?, ?, ?, now())
                ON CONFLICT (topic, partition) DO UPDATE SET next = excluded.next
                """)
            .param(partition.topic())
            .param(partition.partition())
            .param(next)
            .update());
  }

  private static ConsumerRecord<byte[], byte[]> read(ProducerRecord<byte[], byte[]> written) {
    return TestTopics.read(written, 0);
  }

  private static void append(Shopper shopper) {
    try (var topics = new TestTopics()) {
      topics.append(shopper.registers());
    }
  }
}
