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
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.json.MalformedJson;

/** Every account's contact, by its id, as the topic of accounts tells it. */
@Component
public class Contacts {

  private static final Logger log = LoggerFactory.getLogger(Contacts.class);

  private final Map<UUID, Contact> byAccount = new ConcurrentHashMap<>();
  private final AccountsLog accounts;
  private final Duration lookupTimeout;

  Contacts(AccountsLog accounts, ContactSettings settings) {
    this.accounts = accounts;
    this.lookupTimeout = settings.lookupTimeout();
    accounts.follow(this::read);
  }

  /**
   * The contact of an account. One that is not known yet is decided at the end of the log.
   *
   * @throws UnknownContact if nobody registered it
   * @throws ContactsUnavailable if that cannot be told now
   */
  public Contact of(UUID account) {
    @Nullable Contact known = byAccount.get(account);
    if (known == null) {
      accounts.readToEnd(lookupTimeout);
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
        byAccount.putIfAbsent(account, new Contact(registered.email())); // the first one wins
      }
    } catch (MalformedEvent | MalformedJson | IllegalArgumentException e) {
      // Orders of an account that stays unknown become dead letters; those name it.
      log.error(
          "Passed by a malformed record of {}, partition {}, offset {}: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getClass().getName());
    }
  }
}
