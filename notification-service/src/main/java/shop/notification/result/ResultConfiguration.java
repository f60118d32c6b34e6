package shop.notification.result;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import shop.common.database.DatabaseFollower;
import shop.common.database.DatabaseFollowers;
import shop.common.kafka.Topics;

/** The follower that fills the table of results, and the deletion of old ones. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class ResultConfiguration {

  @Bean
  DatabaseFollower resultsFollower(DatabaseFollowers followers, ResultRecords results) {
    return followers.follow("results", List.of(Topics.NOTIFICATIONS), results);
  }
}
