package shop.local.broker;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one place that provides brokers for tests: external ones that the environment names, else
 * native ones, which start at the first use, on free ports, and end when this JVM ends in any way.
 *
 * <p>Environment: {@code KAFKA_BOOTSTRAP_SERVERS}, {@code REDIS_URL} ({@code
 * redis://:password@host:port}), {@code RABBITMQ_URL} ({@code amqp://user:password@host:port}),
 * {@code DATABASE_URL} ({@code postgresql://user:password@host:port/database}).
 */
public final class Brokers {
  private static final List<BrokerSource> SOURCES =
      List.of(new ExternalBrokers(System.getenv()), new NativeBrokers());

  private static @Nullable DatabaseSchemas database;

  private Brokers() {}

  /** The value for a client's {@code bootstrap.servers}. */
  public static String kafka() {
    return first(BrokerSource::kafka);
  }

  public static RedisEndpoint redis() {
    return first(BrokerSource::redis);
  }

  public static RabbitEndpoint rabbit() {
    return first(BrokerSource::rabbit);
  }

  /** The schemas in a PostgreSQL, whose roles all have the password of its administrator. */
  public static synchronized DatabaseSchemas database() {
    if (database == null) {
      database = first(BrokerSource::database);
      database.require();
    }
    return database;
  }

  public static MailEndpoint mail() {
    return first(BrokerSource::mail);
  }

  private static <T> T first(Function<BrokerSource, Optional<T>> broker) {
    return SOURCES.stream()
        .flatMap(source -> broker.apply(source).stream())
        .findFirst()
        .orElseThrow();
  }
}
