package shop.notification.contact;

import java.util.List;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.common.database.DatabaseFollower;
import shop.common.database.DatabaseFollowers;
import shop.common.kafka.LogEnds;
import shop.common.kafka.Topics;

/** The follower that fills the contacts, and the ends that tell whether they are complete. */
@Configuration(proxyBeanMethods = false)
class ContactConfiguration {

  @Bean
  DatabaseFollower contactsFollower(DatabaseFollowers followers, AccountRecords accounts) {
    return followers.follow("contacts", List.of(Topics.ACCOUNTS), accounts);
  }

  @Bean
  LogEnds accountsEnds(KafkaProperties kafka) {
    return new LogEnds(kafka.buildConsumerProperties(), List.of(Topics.ACCOUNTS));
  }
}
