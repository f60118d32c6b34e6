package shop.notification.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import shop.common.kafka.Topics;
import shop.local.broker.Brokers;
import shop.notification.Shopper;
import shop.notification.TestTopics;

@Tag("slow")
class ContactsTest {

  private final AccountsLog accounts =
      new AccountsLog(
          new DefaultKafkaConsumerFactory<>(
              Map.of(
                  "bootstrap.servers",
                  Brokers.kafka(),
                  "key.deserializer",
                  ByteArrayDeserializer.class,
                  "value.deserializer",
                  ByteArrayDeserializer.class)),
          new ContactSettings(Duration.ofSeconds(30), Duration.ofSeconds(2)),
          _ -> {});
  private final Contacts contacts =
      new Contacts(accounts, new ContactSettings(Duration.ofSeconds(30), Duration.ofSeconds(2)));
  private final Shopper ada = Shopper.random();

  @BeforeAll
  static void topic() throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", Brokers.kafka()))) {
      var topic = new NewTopic(Topics.ACCOUNTS.name(), Topics.ACCOUNTS.partitions(), (short) 1);
      admin.createTopics(List.of(topic)).all().get();
    } catch (java.util.concurrent.ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(TopicExistsException.class);
    }
  }

  @AfterEach
  void stop() {
    accounts.stop();
  }

  @Test
  void accountRegisteredBeforeTheStartIsFound() {
    append(ada);
    accounts.start();
    assertThat(contacts.of(ada.id()).email()).isEqualTo(ada.email());
  }

  @Test
  void lookupReadsToTheEndOfTheLog() {
    accounts.start();
    append(ada);
    assertThat(contacts.of(ada.id()).email()).isEqualTo(ada.email());
  }

  @Test
  void accountWithoutRegistrationIsUnknown() {
    accounts.start();
    assertThatThrownBy(() -> contacts.of(ada.id())).isInstanceOf(UnknownContact.class);
  }

  @Test
  void lookupFailsIfTheEndCannotBeRead() {
    accounts.start();
    accounts.stop();
    append(ada);
    assertThatThrownBy(() -> contacts.of(ada.id())).isInstanceOf(ContactsUnavailable.class);
  }

  @Test
  void aRecordThatCannotBeReadIsSkipped() {
    var record = ada.registers();
    try (var topics = new TestTopics()) {
      topics.append(
          new ProducerRecord<>(
              record.topic(), null, record.key(), new byte[] {'{'}, record.headers()));
    }
    append(ada);

    accounts.start();

    assertThat(contacts.of(ada.id()).email()).isEqualTo(ada.email());
  }

  private static void append(Shopper shopper) {
    try (var topics = new TestTopics()) {
      topics.append(shopper.registers());
    }
  }
}
