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
 * Follows the topic {@code accounts} from its first record. The service's consumers start after it
 * has been read to its end for the first time.
 */
@Component
final class AccountsLog implements SmartLifecycle {

  private final Duration startTimeout;
  private final TopicFollower follower;
  private Consumer<ConsumerRecord<byte[], byte[]>> handler = _ -> {};
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
            record -> handler.accept(record),
            events);
  }

  /** Sets the handler of the records; must be called before {@link #start}. */
  void onRecord(Consumer<ConsumerRecord<byte[], byte[]>> newHandler) {
    handler = newHandler;
  }

  /**
   * Waits until every record that was on the topic at the time of the call has been read.
   *
   * @throws ContactsUnavailable if the topic cannot be read to its end within the timeout
   */
  void awaitEnd(Duration timeout) {
    try {
      if (!follower.awaitCurrentEnd(timeout)) {
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
    awaitEnd(startTimeout);
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
