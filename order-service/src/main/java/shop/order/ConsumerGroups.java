package shop.order;

/** The Kafka consumer groups of order-service. */
public final class ConsumerGroups {

  /** The order processor, the one writer of {@code orders}: a Kafka Streams application. */
  public static final String ORDER_PROCESSOR = "order-processor";

  /** Shares the partitions of the view's sources out to instances; positions lie in Redis. */
  public static final String ORDER_VIEW = "order-view";

  private ConsumerGroups() {}
}
