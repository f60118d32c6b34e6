package shop.operations.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import shop.common.deadletter.DeadLetter;
import shop.common.kafka.Topics;
import shop.common.testkit.TestTokens;
import shop.local.broker.Brokers;
import shop.operations.Log;
import shop.operations.ServiceTest;

/** Entries that are in the log, and that this instance has not read yet. */
@TestPropertySource(properties = "shop.operations.decision-timeout=3s")
class UnreadTest extends ServiceTest {

  @Test
  void anEntryThatWasAppendedRightBeforeIsFound() throws Exception {
    for (int i = 0; i < 20; i++) {
      var shown = Log.append(Log.letter("payment-service"));
      assertThat(show(shown)).isEqualTo(200);

      var retried = Log.append(Log.letter("payment-service"));
      assertThat(retry(retried.id(), ADMIN).statusCode()).isEqualTo(202);
    }
  }

  @Test
  void anEntryBehindAnOpenTransactionIsWaitedFor() throws Exception {
    var letter = Log.letter("payment-service");
    try (var producer = withOpenTransactionBefore(letter)) {
      Log.append(letter);

      var answer = CompletableFuture.supplyAsync(() -> retryOf(letter));
      TimeUnit.MILLISECONDS.sleep(500);
      assertThat(answer).isNotDone();
      producer.abortTransaction();

      assertThat(answer.get()).isEqualTo(202);
    }
  }

  @Test
  void whatCannotBeReadInTimeIsNotDeniedAndMayBeAskedAgain() throws Exception {
    var letter = Log.letter("payment-service");
    try (var producer = withOpenTransactionBefore(letter)) {
      Log.append(letter);

      var answer = retry(letter.id(), ADMIN);

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("1");
      producer.abortTransaction();
    }
    assertThat(show(letter)).isEqualTo(200);
  }

  private int show(DeadLetter letter) throws Exception {
    return get("/admin/dlq/" + letter.id(), TestTokens.admin(ADMIN)).statusCode();
  }

  private int retryOf(DeadLetter letter) {
    try {
      return retry(letter.id(), ADMIN).statusCode();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A transaction holds up readers of a letter's partition; nobody will ever see its record. */
  private static KafkaProducer<byte[], byte[]> withOpenTransactionBefore(DeadLetter letter)
      throws Exception {
    var producer =
        new KafkaProducer<>(
            Map.<String, Object>of(
                "bootstrap.servers", Brokers.kafka(), "transactional.id", "" + UUID.randomUUID()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    producer.beginTransaction();
    byte[] key = letter.id().getBytes(UTF_8);
    producer.send(new ProducerRecord<>(Topics.DEAD_LETTERS.name(), key, key)).get();
    return producer;
  }
}
