package shop.common.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.PropertySource;
import shop.local.broker.Brokers;

/**
 * Points a service under test at real brokers, by the names it knows from its environment. A broker
 * starts when a service asks for it first.
 */
public final class BrokersInitializer
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    context.getEnvironment().getPropertySources().addFirst(new BrokerProperties());
  }

  private static final class BrokerProperties extends PropertySource<Map<String, Supplier<?>>> {

    BrokerProperties() {
      super("brokers", new HashMap<>());
      source.put("KAFKA_BOOTSTRAP_SERVERS", Brokers::kafka);
      source.put("KAFKA_REPLICATION_FACTOR", () -> 1);
      source.put("KAFKA_MIN_INSYNC_REPLICAS", () -> 1);
      source.put("REDIS_HOST", () -> Brokers.redis().host());
      source.put("REDIS_PORT", () -> Brokers.redis().port());
      source.put("REDIS_PASSWORD", () -> Brokers.redis().password());
      source.put("RABBITMQ_HOST", () -> Brokers.rabbit().host());
      source.put("RABBITMQ_PORT", () -> Brokers.rabbit().port());
      source.put("RABBITMQ_USER", () -> Brokers.rabbit().user());
      source.put("RABBITMQ_PASSWORD", () -> Brokers.rabbit().password());
      source.put("SMTP_HOST", () -> Brokers.mail().host());
      source.put("SMTP_PORT", () -> Brokers.mail().port());
      source.put("JWKS_URI", TestTokens::jwksUri);
      // Descriptions are made by a test of their own, not by services under test.
      source.put("springdoc.api-docs.enabled", () -> "false");
      String folder = TempFolders.create("state").toString();
      source.put("STATE_DIR", () -> folder);
    }

    @Override
    public @Nullable Object getProperty(String name) {
      var value = source.get(name);
      return value == null ? null : value.get();
    }
  }
}
