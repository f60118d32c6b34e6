package shop.gateway.accounts;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.kafka.Acknowledged;
import shop.common.kafka.Acknowledged.NotAcknowledged;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;
import shop.common.problem.Problem;

/**
 * Registers accounts: appends an event and waits until it has been read back. The registration
 * succeeds if its event is the first of the address. Blocks; must not be called on the event loop.
 */
@Component
public final class Registration {

  private static final Logger log = LoggerFactory.getLogger(Registration.class);
  private static final Duration READ_BACK_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Accounts accounts;
  private final TopicFollower accountsFollower;
  private final Passwords passwords;
  private final KafkaTemplate<byte[], byte[]> kafka;
  private final Clock clock;

  Registration(
      Accounts accounts,
      TopicFollower accountsFollower,
      Passwords passwords,
      KafkaTemplate<byte[], byte[]> kafka,
      Clock clock) {
    this.accounts = accounts;
    this.accountsFollower = accountsFollower;
    this.passwords = passwords;
    this.kafka = kafka;
    this.clock = clock;
  }

  /**
   * Creates an account.
   *
   * @throws Problem 409 if the address already has one; 503 if this cannot be determined now
   */
  public Account register(EmailAddress email, String password, List<String> roles) {
    requireAccountsLoaded();
    var id = email.accountId();
    if (accounts.find(id).isPresent()) {
      throw addressTaken();
    }
    var data = new AccountRegistered(email.value(), passwords.hash(password), roles);
    var envelope =
        Envelope.of(
            AccountRegistered.TYPE,
            "gateway",
            id.toString(),
            clock.instant().truncatedTo(ChronoUnit.MILLIS));
    awaitReadBack(append(envelope, data));
    var first = accounts.find(id).orElseThrow();
    if (!first.registrationId().equals(envelope.id())) {
      throw addressTaken();
    }
    return first;
  }

  /**
   * Requires that the topic accounts has been read to its end: before that, a missing account
   * cannot be distinguished from one that has not been read yet.
   *
   * @throws Problem 503 if it has not
   */
  public void requireAccountsLoaded() {
    if (!accountsFollower.caughtUp()) {
      throw Problem.unavailable("Accounts are still being loaded; retry later", RETRY_AFTER);
    }
  }

  private RecordMetadata append(Envelope envelope, AccountRegistered data) {
    try {
      return Acknowledged.append(kafka, envelope.record(Topics.ACCOUNTS.name(), data));
    } catch (NotAcknowledged e) {
      throw outcomeUnknown(e);
    }
  }

  private void awaitReadBack(RecordMetadata appended) {
    var partition = new TopicPartition(appended.topic(), appended.partition());
    try {
      if (accountsFollower.awaitRead(partition, appended.offset(), READ_BACK_TIMEOUT)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw outcomeUnknown(e);
    }
    throw outcomeUnknown(
        new IllegalStateException("The record was not read back within " + READ_BACK_TIMEOUT));
  }

  private static Problem addressTaken() {
    return Problem.of(HttpStatus.CONFLICT, "address-taken", "Address already registered")
        .detail("An account with this e-mail address exists. Log in, or register another address");
  }

  private static Problem outcomeUnknown(Exception cause) {
    log.warn("The outcome of a registration is unknown", cause);
    return Problem.unavailable(
        "It is unknown whether the account was created. Try to log in before registering again",
        RETRY_AFTER);
  }
}
