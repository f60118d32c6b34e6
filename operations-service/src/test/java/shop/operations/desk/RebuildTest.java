package shop.operations.desk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;
import shop.operations.Entry;
import shop.operations.Log;
import shop.operations.ServiceTest;

class RebuildTest extends ServiceTest {

  @Autowired private Desk desk;
  @Autowired private KafkaProperties kafka;
  @Autowired private ApplicationEventPublisher events;

  @Test
  void aDeskBuiltFromTheTopicsEqualsTheOneThatSawThemCome() throws Exception {
    for (int i = 0; i < 30; i++) {
      var letter = Log.append(Log.letter("payment-service"));
      await().until(() -> desk.find(letter.id()).isPresent());
      if (i % 2 == 0) {
        assertThat(retry(letter.id(), new UUID(0, i)).statusCode()).isEqualTo(202);
      }
    }
    byte[] stray = "stray".getBytes(UTF_8);
    Log.append(new ProducerRecord<>("dead-letters", 2, null, stray));
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
      await().atMost(PATIENCE).until(follower::caughtUp);
    } finally {
      follower.stop();
    }

    List<Entry> before = desk.entries().toList();
    assertThat(before).hasSizeGreaterThan(30);
    assertThat(rebuilt.entries().toList()).isEqualTo(before);
  }
}
