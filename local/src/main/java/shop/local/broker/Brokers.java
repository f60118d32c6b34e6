package shop.local.broker;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The one place that provides brokers for tests: given by environment, else native ones that start
 * when they are first asked for, on free ports, and end with this JVM, however it ends.
 *
 * <p>Environment: {@code KAFKA_BOOTSTRAP_SERVERS}, {@code REDIS_URL} ({@code
 * redis://:password@host:port}), {@code RABBITMQ_URL} ({@code amqp://user:password@host:port}).
 */
public final class Brokers {
  private static final List<BrokerSource> SOURCES =
      List.of(new GivenBrokers(System.getenv()), new NativeBrokers());

  private Brokers() {}

  /** What a client takes as {@code bootstrap.servers}. */
  public static String kafka() {
    return first(BrokerSource::kafka);
  }

  public static RedisEndpoint redis() {
    return first(BrokerSource::redis);
  }

  public static RabbitEndpoint rabbit() {
    return first(BrokerSource::rabbit);
  }

  public static MailEndpoint mail() {
    return first(BrokerSource::mail);
  }

  private static <T> T first(Function<BrokerSource, Optional<T>> wanted) {
    return SOURCES.stream()
        .flatMap(source -> wanted.apply(source).stream())
        .findFirst()
        .orElseThrow();
  }
}
