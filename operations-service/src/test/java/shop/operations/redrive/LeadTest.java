package shop.operations.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LeadTest {

  private static final TopicPartition FIRST = new TopicPartition("dead-letter-actions", 0);
  private static final TopicPartition SECOND = new TopicPartition("dead-letter-actions", 1);

  @Test
  void aQuarterOfASecondsWorthIsDecidedAheadAtMost() {
    var lead = new Lead(40);

    for (int offset = 0; offset < 11; offset++) {
      assertThat(lead.isFull()).isFalse();
      lead.add(decision(FIRST, offset));
    }

    assertThat(lead.isFull()).isTrue();
  }

  @Test
  void aSlowOneDecidesTheNextWhenTheLastIsSent() {
    var lead = new Lead(1);
    assertThat(lead.isFull()).isFalse();

    lead.add(decision(FIRST, 7));

    assertThat(lead.isFull()).isTrue();
    lead.sent(Map.of(FIRST, 7L));
    assertThat(lead.isFull()).isTrue();
    lead.sent(Map.of(FIRST, 8L));
    assertThat(lead.isFull()).isFalse();
  }

  @Test
  void whatTheRedriverHasNotPassedIsWaitedFor() {
    var lead = new Lead(4);
    lead.add(decision(FIRST, 100));
    lead.add(decision(SECOND, 5));

    lead.sent(Map.of());
    lead.sent(Map.of(FIRST, 90L, SECOND, 5L));
    assertThat(lead.isFull()).isTrue();

    lead.sent(Map.of(SECOND, 6L));
    assertThat(lead.isFull()).isFalse();
  }

  @Test
  void whatKafkaRefusedIsNotWaitedForAndWhatIsUnderWayIs() {
    var lead = new Lead(4);
    var underWay = new CompletableFuture<RecordMetadata>();
    lead.add(underWay);
    lead.add(decision(FIRST, 1));
    assertThat(lead.isFull()).isTrue();

    lead.sent(Map.of());
    assertThat(lead.isFull()).isTrue();

    underWay.completeExceptionally(new IllegalStateException("no"));
    lead.sent(Map.of());
    assertThat(lead.isFull()).isFalse();
  }

  private static CompletableFuture<RecordMetadata> decision(TopicPartition partition, long offset) {
    return CompletableFuture.completedFuture(new RecordMetadata(partition, offset, 0, 0, 0, 0));
  }
}
