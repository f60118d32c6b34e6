package shop.operations.redrive;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shop.common.kafka.Topic;
import shop.common.kafka.Topics;
import shop.operations.Letter;

/** What can be done with a dead letter, by the service that gave it up. */
public final class Destinations {

  private static final Set<String> REDRIVE_TOPICS =
      Stream.of(
              Topics.ORDER_REDRIVE,
              Topics.PAYMENT_REDRIVE,
              Topics.NOTIFICATION_REDRIVE,
              Topics.ANALYTICS_REDRIVE)
          .map(Topic::name)
          .collect(Collectors.toUnmodifiableSet());

  private static final String PLACE_ORDER = "shop.order.place.v1";

  private Destinations() {}

  /** True if the service takes messages back. */
  public static boolean takesBack(Letter letter) {
    return REDRIVE_TOPICS.contains(Topics.redriveTopicOf(letter.service()));
  }

  /**
   * True if the service has to settle what the message is about before it can be discarded: a
   * payment, or an order that was accepted and never placed.
   */
  public static boolean settles(Letter letter) {
    return letter.subject() != null
        && switch (letter.service()) {
          case "payment-service" -> true;
          case "order-service" -> PLACE_ORDER.equals(letter.eventType());
          default -> false;
        };
  }

  /** What to do with a message that cannot be sent back, in a sentence. */
  public static String remedy(Letter letter) {
    return switch (letter.service()) {
      case "gateway" ->
          "The gateway reads "
              + letter.topic()
              + " whole at every start and takes nothing back: append a corrected record there,"
              + " then discard this entry";
      case "operations-service" ->
          "It is no action and no dead letter, and nothing is left to be done with it:"
              + " decide again on the entry that was meant, then discard this one";
      default -> letter.service() + " takes no messages back: repair it there, then discard this";
    };
  }
}
