package shop.gateway.accounts;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.stereotype.Component;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;

/**
 * All accounts of the topic, in memory. The first registration of an address wins; later ones are
 * ignored.
 */
@Component
public final class Accounts {

  private final Map<UUID, Account> byId = new ConcurrentHashMap<>();
  private final DeadLetterPublisher deadLetters;

  Accounts(DeadLetterPublisher deadLetters) {
    this.deadLetters = deadLetters;
  }

  public Optional<Account> find(UUID id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The account of an address as typed by a user; case is ignored. */
  public Optional<Account> withAddress(String typed) {
    return find(EmailAddress.accountIdOf(typed));
  }

  void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      var envelope = Envelope.of(record.headers());
      if (envelope.type().equals(AccountRegistered.TYPE)) {
        add(envelope, Json.read(record.value(), AccountRegistered.class));
      }
    } catch (RuntimeException e) {
      deadLetters.sendToDeadLetters("gateway", record, e, 1);
    }
  }

  private void add(Envelope envelope, AccountRegistered data) {
    var id = idOf(envelope);
    byId.putIfAbsent(
        id,
        new Account(
            id, data.email(), data.passwordHash(), Set.copyOf(data.roles()), envelope.id()));
  }

  private static UUID idOf(Envelope envelope) {
    try {
      return UUID.fromString(envelope.subject());
    } catch (IllegalArgumentException e) {
      throw new MalformedEvent("ce_subject is not an account id", e);
    }
  }
}
