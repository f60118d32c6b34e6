package shop.notification.queue;

/** RabbitMQ dead-lettered a delivery because its consumers failed to acknowledge it too often. */
final class BrokerDeadLettered extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BrokerDeadLettered(String reason) {
    super("RabbitMQ dead-lettered the delivery (" + reason + "): no worker acknowledged it");
  }
}
