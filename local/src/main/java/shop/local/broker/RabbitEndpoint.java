package shop.local.broker;

/** The address of a RabbitMQ (AMQP 0-9-1), and its credentials. */
public record RabbitEndpoint(String host, int port, String user, String password) {}
