package shop.local;

import java.net.URI;
import java.util.List;
import shop.local.os.Ports;

/**
 * One process of a service.
 *
 * @param index counted from 0
 */
record ServiceInstance(ServiceSpec service, int index, int port) {
  /** The service's name; from the second instance on with a number: {@code order-service-2}. */
  String name() {
    return index == 0 ? service.name() : service.name() + "-" + (index + 1);
  }

  /** All ports it listens on, in ascending order. */
  List<Integer> ports() {
    return List.of(port);
  }

  String url() {
    return "http://" + Ports.LOCALHOST + ":" + port;
  }

  URI readiness() {
    return URI.create(url() + "/actuator/health/readiness");
  }
}
