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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import shop.common.deadletter.DeadLetter;
import shop.common.kafka.Topics;
import shop.common.testkit.TestTokens;
import shop.local.broker.Brokers;
import shop.operations.ServiceTest;
import shop.operations.TestLog;

/** Requests for entries that are in the log but that this instance has not read yet. */
@TestPropertySource(
    properties = {"shop.operations.decision-timeout=3s", "shop.operations.transaction-timeout=2s"})
@Tag("slow")
class UnreadEntriesTest extends ServiceTest {

  @Test
  void anEntryThatWasJustAppendedIsFound() throws Exception {
    for (int i = 0; i < 20; i++) {
      var listed = TestLog.append(TestLog.letter("payment-service"));
      assertThat(show(listed)).isEqualTo(200);

      var retried = TestLog.append(TestLog.letter("payment-service"));
      assertThat(retry(retried.id(), ADMIN).statusCode()).isEqualTo(202);
    }
  }

  @Test
  void aRequestWaitsForAnEntryBehindAnOpenTransaction() throws Exception {
    var letter = TestLog.letter("payment-service");
    try (var producer = withOpenTransactionBefore(letter)) {
      TestLog.append(letter);

      var response = CompletableFuture.supplyAsync(() -> retryOf(letter));
      TimeUnit.MILLISECONDS.sleep(500);
      assertThat(response).isNotDone();
      producer.abortTransaction();

      assertThat(response.get()).isEqualTo(202);
    }
  }

  @Test
  void anEntryThatCannotBeReadInTimeIsUnavailableAndNotMissing() throws Exception {
    var letter = TestLog.letter("payment-service");
    try (var producer = withOpenTransactionBefore(letter)) {
      TestLog.append(letter);

      var response = retry(letter.id(), ADMIN);

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).contains("1");
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

  /** Opens a transaction that blocks read-committed readers of the letter's partition. */
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
