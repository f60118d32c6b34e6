package shop.order.tracking;

import java.util.List;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;

/** Every instance receives all events of orders that are appended after its start. */
@Configuration(proxyBeanMethods = false)
class TrackingConfiguration {

  @Bean
  TopicFollower ordersFollower(
      KafkaProperties kafka, OrderTail tail, ApplicationEventPublisher events) {
    return TopicFollower.fromEnd(
        "order-tail", kafka.buildConsumerProperties(), List.of(Topics.ORDERS), tail::on, events);
  }
}
