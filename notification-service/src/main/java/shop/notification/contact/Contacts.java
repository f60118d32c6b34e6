package shop.notification.contact;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.json.Json;

/** The contact of every account on the topic {@code accounts}, by account id. */
@Component
public class Contacts {

  private static final Logger log = LoggerFactory.getLogger(Contacts.class);

  private final Map<UUID, Contact> byAccount = new ConcurrentHashMap<>();
  private final AccountsLog accounts;
  private final Duration lookupTimeout;

  Contacts(AccountsLog accounts, ContactSettings settings) {
    this.accounts = accounts;
    this.lookupTimeout = settings.lookupTimeout();
    accounts.onRecord(this::read);
  }

  /**
   * The contact of an account. If the account has not been read yet, the call first waits until the
   * topic has been read to its end.
   *
   * @throws UnknownContact if the topic contains no registration of the account
   * @throws ContactsUnavailable if the topic cannot be read to its end in time
   */
  public Contact of(UUID account) {
    @Nullable Contact known = byAccount.get(account);
    if (known == null) {
      accounts.awaitEnd(lookupTimeout);
      known = byAccount.get(account);
    }
    if (known == null) {
      throw new UnknownContact(account);
    }
    return known;
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      var envelope = Envelope.of(record.headers());
      if (envelope.type().equals(AccountRegistered.TYPE)) {
        var account = UUID.fromString(envelope.subject());
        var registered = Json.read(record.value(), AccountRegistered.class);
        byAccount.putIfAbsent(
            account, new Contact(registered.email())); // the first registration wins
      }
    } catch (RuntimeException e) {
      // Orders of an unknown account become dead letters, which contain its id.
      log.error(
          "Skipping a malformed record of topic {}, partition {}, offset {}: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getClass().getName());
    }
  }
}
