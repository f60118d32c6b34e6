package shop.common.database;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The schema of a service that has Flyway and a data source. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "shop.common.time.TimeConfiguration"
    })
@ConditionalOnClass({Flyway.class, FlywayMigrationStrategy.class, JdbcClient.class})
@ConditionalOnBean({Flyway.class, DataSource.class})
public class DatabaseConfiguration {

  @Bean
  DatabaseSchema databaseSchema(Flyway flyway) {
    return new DatabaseSchema(flyway, new Backoff(RandomGenerator.getDefault()));
  }

  @Bean
  DatabaseFollowers databaseFollowers(
      @Value("${spring.application.name}") String service,
      KafkaProperties kafka,
      DataSource dataSource,
      DatabaseSchema schema,
      MeterRegistry registry,
      Clock clock) {
    return new DatabaseFollowers(
        service,
        kafka.buildConsumerProperties(),
        JdbcClient.create(dataSource),
        new TransactionTemplate(new JdbcTransactionManager(dataSource)),
        schema,
        registry,
        clock);
  }

  /** Responses while the database is away. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  @Import(DatabaseProblems.class)
  static class Responses {}
}
