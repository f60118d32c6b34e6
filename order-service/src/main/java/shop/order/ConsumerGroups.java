package shop.order;

/** The Kafka consumer groups of order-service. */
public final class ConsumerGroups {

  /** The order processor, the only writer of {@code orders}: a Kafka Streams application. */
  public static final String ORDER_PROCESSOR = "order-processor";

  /** The projection, which assigns partitions by this group; its positions are stored in Redis. */
  public static final String ORDER_VIEW = "order-view";

  private ConsumerGroups() {}
}
