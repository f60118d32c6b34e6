package shop.common.deadletter;

import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.KafkaTemplate;

/** Provides the dead-letter publisher to every service. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
      "shop.common.security.TokenConfiguration"
    })
public class DeadLetterConfiguration {

  @Bean
  DeadLetterPublisher deadLetterPublisher(
      KafkaTemplate<byte[], byte[]> kafka,
      @Value("${spring.application.name}") String service,
      Clock clock) {
    return new DeadLetterPublisher(kafka, service, clock);
  }
}
