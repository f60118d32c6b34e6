package shop.notification.queue;

/** RabbitMQ itself dead-lettered a delivery: its worker went away again and again. */
final class BrokerDeadLettered extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BrokerDeadLettered(String reason) {
    super("RabbitMQ gave the delivery up (" + reason + "): its worker went away each time");
  }
}
