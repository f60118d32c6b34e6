package shop.operations.desk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import shop.common.database.DatabaseFollowers;
import shop.common.kafka.Topics;
import shop.common.testkit.TestTokens;
import shop.operations.ServiceTest;
import shop.operations.TestLog;

@Tag("slow")
class RebuildTest extends ServiceTest {

  @Autowired private Desk desk;
  @Autowired private Search search;
  @Autowired private JdbcTemplate template;
  @Autowired private JdbcClient jdbc;
  @Autowired private TransactionTemplate transaction;
  @Autowired private DatabaseFollowers followers;

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
    await().until(() -> !search.find(query("dead-letters"), null, 1).isEmpty());

    awaitRedriverIdle();
    var before = TableContents.of(jdbc);
    assertThat(before.get("entries")).hasSizeGreaterThan(30);

    transaction.executeWithoutResult(_ -> {
      new DeskTables(template).truncate();
      jdbc.sql("DELETE FROM positions").update();
    });

    await()
        .atMost(TIMEOUT)
        .untilAsserted(() -> assertThat(TableContents.of(jdbc)).isEqualTo(before));
  }

  @Test
  void aDeskThatHasNotReadTheTopicsToTheirEndsIsNotReady() {
    var unread = followers.follow("unread", List.of(Topics.DEAD_LETTERS), new DeskTables(template));

    var health = new DeskConfiguration().deskHealthIndicator(unread).health();

    assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
  }

  private static EntryQuery query(String topic) {
    return new EntryQuery(null, topic, null, Set.of(), null, null, null, null, null, null);
  }
}
