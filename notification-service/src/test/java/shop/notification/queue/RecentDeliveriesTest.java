package shop.notification.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.notification.queue.RecentDeliveries.State.NEW;
import static shop.notification.queue.RecentDeliveries.State.RUNNING;
import static shop.notification.queue.RecentDeliveries.State.SENT;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecentDeliveriesTest {

  private final RecentDeliveries memory =
      new RecentDeliveries(
          new QueueSettings(
              List.of(Duration.ofSeconds(1)), 3, Duration.ofHours(1), 10, 20, Duration.ZERO, 2));
  private final UUID delivery = UUID.randomUUID();

  @Test
  void deliveryThatWentOutIsSent() {
    assertThat(memory.begin(delivery)).isEqualTo(NEW);
    assertThat(memory.begin(delivery)).isEqualTo(RUNNING);
    memory.end(delivery, true);
    assertThat(memory.begin(delivery)).isEqualTo(SENT);
  }

  @Test
  void deliveryThatFailedIsNewAgain() {
    memory.begin(delivery);
    memory.end(delivery, false);
    assertThat(memory.begin(delivery)).isEqualTo(NEW);
  }

  @Test
  void oldestIsForgottenFirst() {
    memory.end(delivery, true);
    var second = UUID.randomUUID();
    memory.end(second, true);
    memory.end(UUID.randomUUID(), true);
    assertThat(memory.begin(delivery)).isEqualTo(NEW);
    assertThat(memory.begin(second)).isEqualTo(SENT);
  }
}
