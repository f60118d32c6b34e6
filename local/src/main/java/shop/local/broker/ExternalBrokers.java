package shop.local.broker;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import shop.local.os.LaunchException;

/** Brokers that run already, outside the tests; environment variables contain their addresses. */
record ExternalBrokers(Map<String, String> environment) implements BrokerSource {
  private static final int REDIS_PORT = 6379;
  private static final int AMQP_PORT = 5672;

  @Override
  public Optional<String> kafka() {
    return value("KAFKA_BOOTSTRAP_SERVERS");
  }

  @Override
  public Optional<RedisEndpoint> redis() {
    return value("REDIS_URL")
        .map(URI::create)
        .map(url -> new RedisEndpoint(url.getHost(), port(url, REDIS_PORT), credentials(url)[1]));
  }

  @Override
  public Optional<RabbitEndpoint> rabbit() {
    return value("RABBITMQ_URL").map(URI::create).map(ExternalBrokers::rabbit);
  }

  private static RabbitEndpoint rabbit(URI url) {
    var credentials = credentials(url);
    if (credentials[0].isEmpty()) {
      throw new LaunchException(
          "RABBITMQ_URL has no user. Set it as amqp://user:password@host:port.");
    }
    return new RabbitEndpoint(url.getHost(), port(url, AMQP_PORT), credentials[0], credentials[1]);
  }

  @Override
  public Optional<DatabaseSchemas> database() {
    return value("DATABASE_URL")
        .map(DatabaseEndpoint::parse)
        .map(endpoint -> new DatabaseSchemas(endpoint, _ -> endpoint.password()));
  }

  @Override
  public Optional<MailEndpoint> mail() {
    return Optional.empty();
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static int port(URI url, int defaultPort) {
    return url.getPort() < 0 ? defaultPort : url.getPort();
  }

  private static String[] credentials(URI url) {
    var info = url.getUserInfo() == null ? "" : url.getUserInfo();
    var colon = info.indexOf(':');
    return colon < 0
        ? new String[] {info, ""}
        : new String[] {info.substring(0, colon), info.substring(colon + 1)};
  }
}
