package shop.order.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportedOutcomesTest {

  private static final TopicPartition EVENTS = new TopicPartition("orders", 3);
  private static final TopicPartition REDRIVES = new TopicPartition("order-service.redrive", 3);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final ReportedOutcomes reported = new ReportedOutcomes();

  @BeforeEach
  void assign() {
    consumer.assign(List.of(EVENTS, REDRIVES));
  }

  /** A load from PostgreSQL moves the position beyond records that the projector has not seen. */
  @Test
  void recordsBeforeThePositionAreReadAgainIfTheyMayNotHaveBeenReported() {
    consumer.commitSync(
        Map.of(EVENTS, new OffsetAndMetadata(5), REDRIVES, new OffsetAndMetadata(2)));

    reported.load(consumer);

    assertThat(reported.readFrom(EVENTS, 9)).isEqualTo(5);
    assertThat(reported.readFrom(REDRIVES, 9)).isEqualTo(2);
    assertThat(reported.readFrom(EVENTS, 3)).isEqualTo(3);
  }

  @Test
  void withoutACommittedOffsetRedrivesAreReadFromTheBeginningAndEventsFromThePosition() {
    reported.load(consumer);

    assertThat(reported.readFrom(REDRIVES, 9)).isZero();
    assertThat(reported.readFrom(EVENTS, 9)).isEqualTo(9);
  }

  @Test
  void whatWasReportedIsCommitted() {
    reported.load(consumer);

    reported.advance(EVENTS, 7);
    reported.advance(REDRIVES, 4);
    reported.commit(consumer);

    assertThat(reported.readFrom(EVENTS, 9)).isEqualTo(7);
    assertThat(consumer.committed(Set.of(EVENTS, REDRIVES)))
        .isEqualTo(Map.of(EVENTS, new OffsetAndMetadata(7), REDRIVES, new OffsetAndMetadata(4)));
  }

  @Test
  void nothingIsReportedBeyondARecordThatMayNotHaveBeen() {
    reported.load(consumer);
    reported.advance(EVENTS, 7);

    reported.markIncomplete(EVENTS);
    reported.advance(EVENTS, 9);
    assertThat(reported.readFrom(EVENTS, 20)).isEqualTo(7);

    reported.markReread();
    reported.advance(EVENTS, 9);
    assertThat(reported.readFrom(EVENTS, 20)).isEqualTo(9);
  }
}
