package shop.notification.contact;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.database.ReadModel;
import shop.common.event.Envelope;
import shop.common.json.Json;

/**
 * Applies the topic {@code accounts} to the contacts. The first registration of an account wins.
 */
@Component
class AccountRecords implements ReadModel {

  private static final Logger log = LoggerFactory.getLogger(AccountRecords.class);

  private final ContactTable contacts;

  AccountRecords(ContactTable contacts) {
    this.contacts = contacts;
  }

  @Override
  public void apply(List<ConsumerRecord<byte[], byte[]>> records) {
    SortedMap<UUID, Contact> registered = new TreeMap<>();
    for (var record : records) {
      try {
        read(record, registered);
      } catch (RuntimeException e) {
        // Notices to an unknown account become dead letters, which contain its id.
        log.error(
            "Skipping a malformed record of topic {}, partition {}, offset {}: {}",
            record.topic(),
            record.partition(),
            record.offset(),
            e.getClass().getName());
      }
    }
    if (!registered.isEmpty()) {
      contacts.add(registered);
    }
  }

  private static void read(
      ConsumerRecord<byte[], byte[]> record, SortedMap<UUID, Contact> registered) {
    var envelope = Envelope.of(record.headers());
    if (envelope.type().equals(AccountRegistered.TYPE)) {
      var account = UUID.fromString(envelope.subject());
      var data = Json.read(record.value(), AccountRegistered.class);
      registered.putIfAbsent(account, new Contact(data.email()));
    }
  }

  @Override
  public void truncate() {
    contacts.truncate();
  }
}
