package shop.common.kafka;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;

/** Creates the topics of every service that declares {@link RequiredTopics}. */
@AutoConfiguration
@EnableConfigurationProperties(KafkaSettings.class)
public class KafkaConfiguration {

  @Bean
  @ConditionalOnBean(RequiredTopics.class)
  TopicCreation topicCreation(
      KafkaProperties kafka, RequiredTopics required, KafkaSettings settings) {
    return new TopicCreation(kafka.buildAdminProperties(), required, settings);
  }
}
