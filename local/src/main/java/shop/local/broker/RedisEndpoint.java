package shop.local.broker;

/**
 * The address of a Redis.
 *
 * @param password empty if it requires none
 */
public record RedisEndpoint(String host, int port, String password) {}
