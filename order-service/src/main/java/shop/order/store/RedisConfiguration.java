package shop.order.store;

import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How Redis is spoken to: a command is sent once, on the connection it was made for, or fails. */
@Configuration(proxyBeanMethods = false)
class RedisConfiguration {

  @Bean
  LettuceClientOptionsBuilderCustomizer nothingIsReplayed() {
    return options ->
        options.autoReconnect(false).disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
  }
}
