package shop.operations.redrive;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;
import shop.operations.Action.RetryRequested;
import shop.operations.Entry;
import shop.operations.Life;
import shop.operations.OperationsApplication;
import shop.operations.OperationsSettings;
import shop.operations.desk.Desk;

/** Decides that dead letters are sent back: the first request on a version in the log wins. */
@Component
public final class Retries {

  private final KafkaTemplate<byte[], byte[]> kafka;
  private final TopicFollower follower;
  private final Desk desk;
  private final OperationsSettings settings;
  private final Clock clock;

  Retries(
      KafkaTemplate<byte[], byte[]> kafka,
      TopicFollower follower,
      Desk desk,
      OperationsSettings settings,
      Clock clock) {
    this.kafka = kafka;
    this.follower = follower;
    this.desk = desk;
    this.settings = settings;
    this.clock = clock;
  }

  /** True if the entry's service takes messages back. */
  public static boolean canGoBack(Entry entry) {
    return List.of(
            Topics.ORDER_REDRIVE,
            Topics.PAYMENT_REDRIVE,
            Topics.NOTIFICATION_REDRIVE,
            Topics.ANALYTICS_REDRIVE)
        .stream()
        .anyMatch(topic -> topic.name().equals(Topics.redriveTopicOf(entry.letter().service())));
  }

  /** What a request came to, as the log says. */
  public sealed interface Decision {

    /** It won; the life right after it. */
    record Won(Life life) implements Decision {}

    /** Another action came first; the life as it is. */
    record Lost(Life life) implements Decision {}

    /** The log could not be asked in time; the entry will show. */
    record Unknown() implements Decision {}
  }

  /** Appends a request for an entry as it was seen, and waits for what the log makes of it. */
  public Decision request(Entry seen, UUID by) throws InterruptedException {
    String id = seen.letter().id();
    var data = new RetryRequested(seen.life().version(), seen.life().redrives() + 1, by);
    var record =
        Envelope.of(RetryRequested.TYPE, OperationsApplication.NAME, id, clock.instant())
            .record(Topics.DEAD_LETTER_ACTIONS.name(), data);
    RecordMetadata appended;
    try {
      appended = kafka.send(record).get().getRecordMetadata();
    } catch (ExecutionException e) {
      return new Decision.Unknown();
    }
    var partition = new TopicPartition(appended.topic(), appended.partition());
    if (!follower.awaitRead(partition, appended.offset(), settings.decisionTimeout())) {
      return new Decision.Unknown();
    }
    Life life = desk.lifeOf(id);
    boolean won = life.stepAt(appended.offset()).orElseThrow().counted();
    return won ? new Decision.Won(life.asOf(appended.offset())) : new Decision.Lost(life);
  }
}
