package shop.local.broker;

/**
 * Where a Redis answers.
 *
 * @param password empty if it asks for none
 */
public record RedisEndpoint(String host, int port, String password) {}
