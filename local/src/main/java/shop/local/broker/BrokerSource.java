package shop.local.broker;

import java.util.Optional;

/** A source of brokers; a method returns empty for a broker that the source does not provide. */
interface BrokerSource {
  Optional<String> kafka();

  Optional<RedisEndpoint> redis();

  Optional<RabbitEndpoint> rabbit();

  Optional<DatabaseSchemas> database();

  Optional<MailEndpoint> mail();
}
