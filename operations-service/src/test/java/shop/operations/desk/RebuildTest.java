package shop.operations.desk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;
import shop.common.testkit.TestTokens;
import shop.operations.DeskEntry;
import shop.operations.ServiceTest;
import shop.operations.State;
import shop.operations.TestLog;

@Tag("slow")
class RebuildTest extends ServiceTest {

  @Autowired private Desk desk;
  @Autowired private KafkaProperties kafka;
  @Autowired private ApplicationEventPublisher events;

  @Test
  void aDeskRebuiltFromTheTopicsEqualsTheRunningOne() throws Exception {
    for (int i = 0; i < 30; i++) {
      var letter = TestLog.append(TestLog.letter("payment-service"));
      await().until(() -> desk.find(letter.id()).isPresent());
      if (i % 2 == 0) {
        assertThat(retry(letter.id(), new UUID(0, i)).statusCode()).isEqualTo(202);
      }
    }
    post(
        "/admin/dlq/retries",
        "{\"filter\":{\"service\":\"payment-service\"},\"ratePerSecond\":1000}",
        TestTokens.admin(ADMIN));
    await()
        .atMost(TIMEOUT)
        .until(() -> !asAdmin("/admin/dlq/retries").toString().contains("RUNNING"));
    byte[] stray = "stray".getBytes(UTF_8);
    TestLog.append(new ProducerRecord<>("dead-letters", 2, null, stray));
    await()
        .until(
            () -> desk.entries().anyMatch(entry -> entry.letter().topic().equals("dead-letters")));

    var rebuilt = new Desk();
    var follower =
        new TopicFollower(
            "rebuilt",
            kafka.buildConsumerProperties(),
            List.of(Topics.DEAD_LETTERS, Topics.DEAD_LETTER_ACTIONS),
            rebuilt::read,
            events);
    follower.start();
    try {
      await().atMost(TIMEOUT).until(follower::caughtUp);
    } finally {
      follower.stop();
    }

    List<DeskEntry> before = desk.entries().toList();
    assertThat(before).hasSizeGreaterThan(30);
    assertThat(rebuilt.entries().toList()).isEqualTo(before);
    assertThat(rebuilt.bulkRetries().all()).isEqualTo(desk.bulkRetries().all()).isNotEmpty();
    assertThat(rebuilt.audit().after(null).toList()).isEqualTo(desk.audit().after(null).toList());
    for (State state : State.values()) {
      assertThat(rebuilt.tally().count("payment-service", state))
          .isEqualTo(desk.tally().count("payment-service", state))
          .isEqualTo((int) before.stream().filter(entry -> isPayment(entry, state)).count());
    }
  }

  @Test
  void aDeskThatHasNotReadTheTopicsToTheirEndsIsNotReady() {
    var unread =
        new TopicFollower(
            "unread",
            kafka.buildConsumerProperties(),
            List.of(Topics.DEAD_LETTERS),
            _ -> {},
            events);

    var health = new DeskConfiguration().deskHealthIndicator(unread).health();

    assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
  }

  private static boolean isPayment(DeskEntry entry, State state) {
    return entry.letter().service().equals("payment-service") && entry.history().state() == state;
  }
}
