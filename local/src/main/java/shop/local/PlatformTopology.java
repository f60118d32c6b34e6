package shop.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import shop.local.broker.Broker;
import shop.local.broker.KafkaBroker;
import shop.local.broker.MailServer;
import shop.local.broker.PostgresServer;
import shop.local.broker.RabbitBroker;
import shop.local.broker.RedisServer;

/** The processes of a platform and their ports, as they follow from the options. */
public record PlatformTopology(PlatformOptions options) {
  private static final int PORTS_BETWEEN_INSTANCES = 100;

  int kafkaPort() {
    return 19092 + options.portOffset();
  }

  int redisPort() {
    return 16379 + options.portOffset();
  }

  int sessionsRedisPort() {
    return 16380 + options.portOffset();
  }

  int rabbitPort() {
    return 15673 + options.portOffset();
  }

  int postgresPort() {
    return 15432 + options.portOffset();
  }

  int smtpPort() {
    return 13025 + options.portOffset();
  }

  int mailPagePort() {
    return 8025 + options.portOffset();
  }

  /** All processes of all services, in the order in which they are started. */
  List<ServiceInstance> services() {
    return ServiceSpec.ALL.stream().flatMap(service -> instances(service).stream()).toList();
  }

  /**
   * The same, grouped by instance number. Each group starts when the one before it is ready, so
   * that second instances do not slow down the first ones.
   */
  Collection<List<ServiceInstance>> waves() {
    return services().stream()
        .collect(Collectors.groupingBy(ServiceInstance::index, TreeMap::new, Collectors.toList()))
        .values();
  }

  List<ServiceInstance> instances(ServiceSpec service) {
    return IntStream.range(0, options.instancesOf(service))
        .mapToObj(i -> new ServiceInstance(service, i, port(service, i), scheme(service)))
        .toList();
  }

  private String scheme(ServiceSpec service) {
    return options.tls() && service.equals(ServiceSpec.GATEWAY) ? "https" : "http";
  }

  private int port(ServiceSpec service, int index) {
    return service.firstPort() + PORTS_BETWEEN_INSTANCES * index + options.portOffset();
  }

  /** The base URL of the first gateway. */
  String gatewayUrl() {
    return instances(ServiceSpec.GATEWAY).getFirst().url();
  }

  String sandboxUrl() {
    return instances(ServiceSpec.SANDBOX).getFirst().url();
  }

  /** Every port that has to be free, with the name of the component that listens on it. */
  SortedMap<Integer, String> ports() {
    var ports = new TreeMap<Integer, String>();
    addBlock(ports, kafkaPort(), KafkaBroker.PORTS, "Kafka");
    addBlock(ports, redisPort(), 1, "Redis");
    addBlock(ports, sessionsRedisPort(), 1, "Redis of the sessions");
    addBlock(ports, rabbitPort(), RabbitBroker.PORTS, "RabbitMQ");
    if (options.databaseUrl().isEmpty()) {
      addBlock(ports, postgresPort(), 1, "PostgreSQL");
    }
    addBlock(ports, smtpPort(), 1, "the mail sink");
    addBlock(ports, mailPagePort(), 1, "the mail page");
    services()
        .forEach(instance -> instance.ports().forEach(port -> ports.put(port, instance.name())));
    return ports;
  }

  /** The ports of a broker, in ascending order. */
  List<Integer> portsOf(Broker broker) {
    return switch (broker) {
      case KafkaBroker _ -> block(kafkaPort(), KafkaBroker.PORTS);
      case RedisServer redis -> List.of(redis.endpoint().port());
      case RabbitBroker _ -> block(rabbitPort(), RabbitBroker.PORTS);
      case PostgresServer postgres -> List.of(postgres.port());
      case MailServer _ -> List.of(mailPagePort(), smtpPort());
    };
  }

  private static List<Integer> block(int first, int size) {
    return IntStream.range(first, first + size).boxed().toList();
  }

  private static void addBlock(Map<Integer, String> ports, int first, int size, String component) {
    IntStream.range(first, first + size).forEach(port -> ports.put(port, component));
  }

  /** The base URLs of a service's instances, separated by commas. */
  String urls(String service) {
    var urls = new ArrayList<String>();
    instances(ServiceSpec.byName(service)).forEach(instance -> urls.add(instance.url()));
    return String.join(",", urls);
  }
}
