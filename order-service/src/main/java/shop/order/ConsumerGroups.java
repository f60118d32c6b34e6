package shop.order;

/** The Kafka consumer groups of order-service. */
public final class ConsumerGroups {

  /** The order processor, the one writer of {@code orders}: a Kafka Streams application. */
  public static final String ORDER_PROCESSOR = "order-processor";

  /** The consumers that keep the view in Redis. */
  public static final String ORDER_VIEW = "order-view";

  private ConsumerGroups() {}
}
