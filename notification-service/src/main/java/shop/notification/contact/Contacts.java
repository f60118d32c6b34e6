package shop.notification.contact;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import shop.common.kafka.LogEnds;
import shop.common.time.Polling;

/** The contact of every account on the topic {@code accounts}, read from PostgreSQL. */
@Component
public class Contacts {

  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  private final ContactTable table;
  private final LogEnds accounts;
  private final Duration timeout;

  Contacts(ContactTable table, LogEnds accounts, ContactSettings settings) {
    this.table = table;
    this.accounts = accounts;
    this.timeout = settings.lookupTimeout();
  }

  /**
   * The contact of an account. If the table has none, the call waits until it has every record that
   * was on the topic when it was made.
   *
   * @throws UnknownContact if the topic contains no registration of the account
   * @throws ContactsUnavailable if that cannot be found out now
   */
  public Contact of(UUID account) {
    try {
      Optional<Contact> known = table.find(account);
      return known.isPresent() ? known.get() : await(account, accounts.query(timeout));
    } catch (DataAccessException | ExecutionException | TimeoutException e) {
      throw new ContactsUnavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContactsUnavailable(e);
    }
  }

  private Contact await(UUID account, Map<TopicPartition, Long> ends)
      throws InterruptedException, TimeoutException {
    var lookup = new AtomicReference<>(new ContactTable.Lookup(null, false));
    boolean decided =
        Polling.await(
            timeout,
            POLL_INTERVAL,
            () -> {
              lookup.set(table.find(account, ends));
              return lookup.get().contact() != null || lookup.get().complete();
            });
    if (!decided) {
      throw new TimeoutException("The table has not reached the end of the topic accounts");
    }
    @Nullable Contact found = lookup.get().contact();
    if (found == null) {
      throw new UnknownContact(account);
    }
    return found;
  }
}
