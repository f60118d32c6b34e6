package shop.notification.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.notification.queue.RecentDeliveries.State.IN_PROGRESS;
import static shop.notification.queue.RecentDeliveries.State.NEW;
import static shop.notification.queue.RecentDeliveries.State.SENT;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecentDeliveriesTest {

  private final RecentDeliveries recent =
      new RecentDeliveries(
          new QueueSettings(
              List.of(Duration.ofSeconds(1)), 3, Duration.ofHours(1), 10, 20, Duration.ZERO, 2));
  private final UUID delivery = UUID.randomUUID();

  @Test
  void deliveryIsSentAfterASuccessfulAttempt() {
    assertThat(recent.begin(delivery)).isEqualTo(NEW);
    assertThat(recent.begin(delivery)).isEqualTo(IN_PROGRESS);
    recent.end(delivery, true);
    assertThat(recent.begin(delivery)).isEqualTo(SENT);
  }

  @Test
  void deliveryThatFailedIsNewAgain() {
    recent.begin(delivery);
    recent.end(delivery, false);
    assertThat(recent.begin(delivery)).isEqualTo(NEW);
  }

  @Test
  void oldestIsEvictedFirst() {
    recent.end(delivery, true);
    var second = UUID.randomUUID();
    recent.end(second, true);
    recent.end(UUID.randomUUID(), true);
    assertThat(recent.begin(delivery)).isEqualTo(NEW);
    assertThat(recent.begin(second)).isEqualTo(SENT);
  }
}
