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
 * Registers accounts: appends, reads its own record back, and has won if it is the first for the
 * address. Blocks: not for the event loop.
 */
@Component
public final class Registration {

  private static final Logger log = LoggerFactory.getLogger(Registration.class);
  private static final Duration READ_BACK = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofSeconds(1);

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
   * Makes an account.
   *
   * @throws Problem 409 if the address has one, 503 if that cannot be told now
   */
  public Account register(EmailAddress email, String password, List<String> roles) {
    requireAllKnown();
    var id = email.accountId();
    if (accounts.find(id).isPresent()) {
      throw taken();
    }
    var data = new AccountRegistered(email.value(), passwords.hash(password), roles);
    var envelope =
        Envelope.of(
            AccountRegistered.TYPE,
            "gateway",
            id.toString(),
            clock.instant().truncatedTo(ChronoUnit.MILLIS));
    readBack(append(envelope, data));
    var first = accounts.find(id).orElseThrow();
    if (!first.registration().equals(envelope.id())) {
      throw taken();
    }
    return first;
  }

  /** Who has no account cannot be told before the topic was read to its end. */
  public void requireAllKnown() {
    if (!accountsFollower.caughtUp()) {
      throw Problem.unavailable("The accounts are still being read; try again", SOON);
    }
  }

  private RecordMetadata append(Envelope envelope, AccountRegistered data) {
    try {
      return Acknowledged.append(kafka, envelope.record(Topics.ACCOUNTS.name(), data));
    } catch (NotAcknowledged e) {
      throw outcomeUnknown(e);
    }
  }

  private void readBack(RecordMetadata own) {
    var partition = new TopicPartition(own.topic(), own.partition());
    try {
      if (accountsFollower.awaitRead(partition, own.offset(), READ_BACK)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw outcomeUnknown(e);
    }
    throw outcomeUnknown(new IllegalStateException("Own record not read in " + READ_BACK));
  }

  private static Problem taken() {
    return Problem.of(HttpStatus.CONFLICT, "address-taken", "The address has an account already")
        .detail("Log in, or register another address");
  }

  private static Problem outcomeUnknown(Exception cause) {
    log.warn("The outcome of a registration is unknown", cause);
    return Problem.unavailable("Whether the account was made is unknown; try to log in", SOON);
  }
}
