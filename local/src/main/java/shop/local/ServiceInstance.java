package shop.local;

import java.net.URI;
import java.util.List;
import shop.local.os.Ports;

/**
 * One process of a service.
 *
 * @param index counted from 0
 * @param scheme of its serving port: http or https
 */
record ServiceInstance(ServiceSpec service, int index, int port, String scheme) {
  // The same in shop.common.management.ManagementPort.
  private static final int MANAGEMENT_DISTANCE = 1000;

  /** The service's name; from the second instance on with a number: {@code order-service-2}. */
  String name() {
    return index == 0 ? service.name() : service.name() + "-" + (index + 1);
  }

  /** All ports it listens on, in ascending order. */
  List<Integer> ports() {
    return List.of(port, managementPort());
  }

  /** Where it serves metrics and health details. */
  int managementPort() {
    return port + MANAGEMENT_DISTANCE;
  }

  String managementUrl() {
    return "http://" + Ports.LOCALHOST + ":" + managementPort();
  }

  String url() {
    return scheme + "://" + Ports.LOCALHOST + ":" + port;
  }

  URI readiness() {
    return URI.create(url() + "/readyz");
  }
}
