package shop.common.database;

import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Leaves the migration to {@link DatabaseSchema}, so that a service starts while the database is
 * away, and lets it take its time: it has a connection of its own, without the time limits of
 * requests.
 */
@AutoConfiguration(
    beforeName = "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration")
@ConditionalOnClass({Flyway.class, FlywayMigrationStrategy.class, DriverManagerDataSource.class})
@ConditionalOnProperty("spring.datasource.url")
public class DeferredMigration {

  @Bean
  FlywayMigrationStrategy deferredMigration() {
    return _ -> {};
  }

  @Bean
  FlywayConfigurationCustomizer migrationConnection(JdbcConnectionDetails database) {
    return flyway -> flyway.dataSource(migrations(database));
  }

  private static DriverManagerDataSource migrations(JdbcConnectionDetails database) {
    var settings = new Properties();
    settings.put("ApplicationName", "migration");
    settings.put("connectTimeout", "2");
    settings.put("loginTimeout", "5");
    settings.put("tcpKeepAlive", "true");
    var dataSource = new DriverManagerDataSource();
    dataSource.setUrl(database.getJdbcUrl());
    dataSource.setUsername(database.getUsername());
    dataSource.setPassword(database.getPassword());
    dataSource.setConnectionProperties(settings);
    return dataSource;
  }
}
