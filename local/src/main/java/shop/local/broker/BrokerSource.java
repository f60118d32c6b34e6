package shop.local.broker;

import java.util.Optional;

/** A way to come by brokers; empty for one that it does not have. */
interface BrokerSource {
  Optional<String> kafka();

  Optional<RedisEndpoint> redis();

  Optional<RabbitEndpoint> rabbit();

  Optional<MailEndpoint> mail();
}
