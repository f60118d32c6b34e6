package shop.operations.redrive;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shop.common.kafka.Topic;
import shop.common.kafka.Topics;
import shop.operations.DeadLetterSummary;

/** What the service of a dead letter supports: redrives, settlement, or a manual remedy. */
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

  /** True if the service accepts redrives. */
  public static boolean acceptsRedrives(DeadLetterSummary letter) {
    return acceptsRedrives(letter.service());
  }

  static boolean acceptsRedrives(String service) {
    return REDRIVE_TOPICS.contains(Topics.redriveTopicOf(service));
  }

  /**
   * True if the service must settle the message's subject before the entry can be discarded: a
   * payment, or an order that was accepted but never placed.
   */
  public static boolean requiresSettlement(DeadLetterSummary letter) {
    return letter.subject() != null
        && switch (letter.service()) {
          case "payment-service" -> true;
          case "order-service" -> PLACE_ORDER.equals(letter.eventType());
          default -> false;
        };
  }

  /** What an admin can do about a message that cannot be redriven, as sentences. */
  public static String remedy(DeadLetterSummary letter) {
    return switch (letter.service()) {
      case "gateway" ->
          "The gateway accepts no redrives, because it reads all of "
              + letter.topic()
              + " at every start. Append a corrected record to that topic, then discard this entry";
      case "operations-service" ->
          "The record is not a valid action or dead letter. If it was meant as a decision, repeat the"
              + " decision on the entry concerned; then discard this entry";
      default ->
          letter.service()
              + " accepts no redrives. Resolve the problem in that service, then discard this entry";
    };
  }
}
