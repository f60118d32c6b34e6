package shop.local.broker;

/** Where a RabbitMQ answers (AMQP 0-9-1), and who may use it. */
public record RabbitEndpoint(String host, int port, String user, String password) {}
