package shop.order.archive;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.common.database.DatabaseFollower;
import shop.common.database.DatabaseFollowers;
import shop.common.kafka.Topics;

@Configuration(proxyBeanMethods = false)
class ArchiveConfiguration {

  @Bean
  DatabaseFollower orderArchiveFollower(DatabaseFollowers followers, OrderArchive archive) {
    return followers.follow(
        "archive", List.of(Topics.ORDERS, Topics.CATALOG, Topics.ORDER_REDRIVE), archive);
  }
}
