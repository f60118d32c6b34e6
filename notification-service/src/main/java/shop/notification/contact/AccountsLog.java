package shop.notification.contact;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.stereotype.Component;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;
import shop.common.lifecycle.Phases;

/**
 * The topic of accounts, followed from its first record. The service's consumers start after it has
 * been read to its end for the first time.
 */
@Component
final class AccountsLog implements SmartLifecycle {

  private final Duration startTimeout;
  private final TopicFollower follower;
  private Consumer<ConsumerRecord<byte[], byte[]>> reader = _ -> {};
  private volatile boolean running;

  AccountsLog(
      ConsumerFactory<byte[], byte[]> consumers,
      ContactSettings settings,
      ApplicationEventPublisher events) {
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
    try {
      if (!follower.awaitCurrentEnd(time)) {
        throw new ContactsUnavailable(null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContactsUnavailable(e);
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

  @Override
  public int getPhase() {
    return Phases.FOLLOWERS;
  }
}
