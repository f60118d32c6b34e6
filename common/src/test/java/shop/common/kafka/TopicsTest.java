package shop.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicsTest {

  /** What is rebuilt from the first record of a topic, and lives for ever. */
  private static final Map<Topic, String> REBUILT_FROM =
      Map.of(
          Topics.ORDERS, "the view in Redis, payments and deliveries of a new group, the figures",
          Topics.CATALOG, "the view in Redis (stock), the products in order-service's memory",
          Topics.ORDER_REDRIVE, "the view in Redis: an edited adjustment is nowhere else",
          Topics.PAYMENTS, "payment-service's log of payments",
          Topics.ACCOUNTS, "the gateway's accounts, notification-service's contacts",
          Topics.GATEWAY_SETTINGS, "the gateways' settings of services, and drains",
          Topics.FIGURES, "analytics-service's board",
          Topics.PAYMENT_RECONCILIATION, "how far the reconciliation has come",
          Topics.DEAD_LETTERS, "the desk",
          Topics.DEAD_LETTER_ACTIONS, "the desk");

  /** What is read from the first record of a topic, and how long it lives. */
  private static final Map<Topic, Duration> REBUILT_FOR_A_TIME =
      // A revocation must outlive every access token, which lives at most 15 minutes.
      Map.of(Topics.REVOCATIONS, Duration.ofMinutes(15));

  /** Topics that are only consumed, each record once by each group. */
  private static final Set<Topic> CONSUMED =
      Set.of(
          // The processor's state comes from its changelog, never from commands.
          Topics.ORDER_COMMANDS,
          Topics.NOTIFICATIONS,
          Topics.TRAFFIC,
          Topics.PAYMENT_RETRIES,
          Topics.PAYMENT_PENDING,
          Topics.PAYMENT_REDRIVE,
          Topics.NOTIFICATION_REDRIVE,
          // Its redrives are events of orders with their own bytes, since those cannot be edited.
          Topics.ANALYTICS_REDRIVE);

  @Test
  void whatAViewIsRebuiltFromIsKeptAsLongAsTheView() {
    assertThat(REBUILT_FROM.keySet()).allMatch(Topic::isKeptForEver);
    REBUILT_FOR_A_TIME.forEach((topic, life) ->
        assertThat(topic.retention()).as(topic.name()).isGreaterThanOrEqualTo(life));
  }

  @Test
  void everyTopicSaysWhoRebuildsFromIt() throws Exception {
    for (var topic : all()) {
      int mentions =
          (REBUILT_FROM.containsKey(topic) ? 1 : 0)
              + (REBUILT_FOR_A_TIME.containsKey(topic) ? 1 : 0)
              + (CONSUMED.contains(topic) ? 1 : 0);
      assertThat(mentions).as("TopicsTest says once who reads %s", topic.name()).isEqualTo(1);
    }
  }

  @Test
  void everyTopicIsFoundByItsName() throws Exception {
    for (var topic : all()) {
      assertThat(Topics.BY_NAME).containsEntry(topic.name(), topic);
    }
  }

  private static List<Topic> all() throws IllegalAccessException {
    List<Field> constants =
        Arrays.stream(Topics.class.getDeclaredFields())
            .filter(field -> field.getType() == Topic.class)
            .toList();
    assertThat(constants).hasSizeGreaterThan(10);
    List<Topic> topics = new ArrayList<>();
    for (var constant : constants) {
      topics.add((Topic) constant.get(null));
    }
    return topics;
  }
}
