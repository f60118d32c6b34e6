package shop.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import shop.local.broker.KafkaBroker;
import shop.local.broker.RabbitBroker;

/** Which processes there are and on which ports, decided from the options. */
record Plan(PlatformOptions options) {
  private static final int NEXT_INSTANCE = 100;

  int kafka() {
    return 19092 + options.portOffset();
  }

  int redis() {
    return 16379 + options.portOffset();
  }

  int rabbit() {
    return 15673 + options.portOffset();
  }

  int smtp() {
    return 13025 + options.portOffset();
  }

  int mailPage() {
    return 8025 + options.portOffset();
  }

  /** Every process of ours, in the order they are started. */
  List<ServiceInstance> services() {
    return ServiceSpec.ALL.stream().flatMap(service -> instances(service).stream()).toList();
  }

  /** The same by turns: the first of each service has the processor before the second comes. */
  Collection<List<ServiceInstance>> waves() {
    return services().stream()
        .collect(Collectors.groupingBy(ServiceInstance::index, TreeMap::new, Collectors.toList()))
        .values();
  }

  List<ServiceInstance> instances(ServiceSpec service) {
    return IntStream.range(0, options.instancesOf(service))
        .mapToObj(i -> new ServiceInstance(service, i, port(service, i)))
        .toList();
  }

  private int port(ServiceSpec service, int index) {
    return service.port() + NEXT_INSTANCE * index + options.portOffset();
  }

  String gateway() {
    return instances(ServiceSpec.GATEWAY).getFirst().url();
  }

  String sandbox() {
    return instances(ServiceSpec.SANDBOX).getFirst().url();
  }

  /** Every port that has to be free, and who wants it. */
  SortedMap<Integer, String> ports() {
    var ports = new TreeMap<Integer, String>();
    addBlock(ports, kafka(), KafkaBroker.PORTS, "Kafka");
    addBlock(ports, redis(), 1, "Redis");
    addBlock(ports, rabbit(), RabbitBroker.PORTS, "RabbitMQ");
    addBlock(ports, smtp(), 1, "the mail sink");
    addBlock(ports, mailPage(), 1, "the mail page");
    services().forEach(instance -> ports.put(instance.port(), instance.name()));
    return ports;
  }

  private static void addBlock(Map<Integer, String> ports, int first, int size, String who) {
    IntStream.range(first, first + size).forEach(port -> ports.put(port, who));
  }

  /** The base URLs of a service's instances, separated by commas. */
  String urls(String service) {
    var urls = new ArrayList<String>();
    instances(ServiceSpec.named(service)).forEach(instance -> urls.add(instance.url()));
    return String.join(",", urls);
  }
}
