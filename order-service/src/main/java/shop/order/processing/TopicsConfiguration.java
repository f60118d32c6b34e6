package shop.order.processing;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.common.kafka.RequiredTopics;
import shop.common.kafka.Topics;

/** The topics that order-service reads and writes. */
@Configuration(proxyBeanMethods = false)
class TopicsConfiguration {

  @Bean
  RequiredTopics requiredTopics() {
    return RequiredTopics.of(
        Topics.ORDER_COMMANDS,
        Topics.ORDERS,
        Topics.PAYMENTS,
        Topics.CATALOG,
        Topics.ORDER_REDRIVE,
        Topics.DEAD_LETTERS,
        Topics.DEAD_LETTER_ACTIONS);
  }
}
