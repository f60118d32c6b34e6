package shop.notification.contact;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.stereotype.Component;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;

/**
 * The topic of accounts, followed from its first record. The service's consumers start after it has
 * been read to its end for the first time.
 */
@Component
final class AccountsLog implements SmartLifecycle {

  private static final List<TopicPartition> PARTITIONS =
      IntStream.range(0, Topics.ACCOUNTS.partitions())
          .mapToObj(number -> new TopicPartition(Topics.ACCOUNTS.name(), number))
          .toList();

  private final ConsumerFactory<byte[], byte[]> consumers;
  private final Duration startTimeout;
  private final TopicFollower follower;
  private Consumer<ConsumerRecord<byte[], byte[]>> reader = _ -> {};
  private volatile boolean running;

  AccountsLog(
      ConsumerFactory<byte[], byte[]> consumers,
      ContactSettings settings,
      ApplicationEventPublisher events) {
    this.consumers = consumers;
    this.startTimeout = settings.startTimeout();
    this.follower =
        new TopicFollower(
            "accounts",
            consumers.getConfigurationProperties(),
            List.of(Topics.ACCOUNTS),
            record -> reader.accept(record),
            events);
  }

  /** Names who reads; before the start. */
  void follow(Consumer<ConsumerRecord<byte[], byte[]>> newReader) {
    reader = newReader;
  }

  /**
   * Returns when everything has been read that was in the log at the time of the call.
   *
   * @throws ContactsUnavailable if that takes longer than the time
   */
  void readToEnd(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    try {
      for (var end : ends(time).entrySet()) {
        var left = Duration.ofNanos(deadline - System.nanoTime());
        if (!follower.awaitRead(end.getKey(), end.getValue() - 1, left)) {
          throw new ContactsUnavailable(null);
        }
      }
    } catch (KafkaException e) {
      throw new ContactsUnavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContactsUnavailable(e);
    }
  }

  private Map<TopicPartition, Long> ends(Duration time) {
    try (var asking = consumers.createConsumer(null, "accounts-end")) {
      asking.assign(PARTITIONS);
      return asking.endOffsets(PARTITIONS, time);
    }
  }

  @Override
  public void start() {
    follower.start();
    readToEnd(startTimeout);
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    follower.stop();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** After the topics exist, before every consumer that needs a contact. */
  @Override
  public int getPhase() {
    return 0;
  }
}
