package shop.local;

import java.nio.file.Path;
import java.util.List;
import shop.local.os.AotCache;
import shop.local.os.JavaCommand;
import shop.local.os.LaunchException;
import shop.local.os.Repository;

/**
 * A service of the platform and how it runs locally.
 *
 * @param name of its module, its jar and its process
 * @param firstPort of its first instance, without the port offset
 * @param maxHeap in megabytes
 * @param schema its schema in the database, and the role that owns it; empty if it has none
 */
public record ServiceSpec(String name, int firstPort, int maxHeap, String schema) {
  static final ServiceSpec GATEWAY = new ServiceSpec("gateway", 8080, 160, "accounts");
  static final ServiceSpec SANDBOX = new ServiceSpec("payment-sandbox", 8090, 160, "");

  /** All services, in the order in which they are started. */
  public static final List<ServiceSpec> ALL =
      List.of(
          new ServiceSpec("order-service", 8081, 256, "orders"),
          GATEWAY,
          // A quarter of it is for recent payment events (shop.payment.recent.max-events).
          new ServiceSpec("payment-service", 8082, 320, "payments"),
          new ServiceSpec("notification-service", 8083, 160, "notification"),
          new ServiceSpec("analytics-service", 8084, 160, "analytics"),
          new ServiceSpec("operations-service", 8085, 160, "operations"),
          SANDBOX);

  static ServiceSpec byName(String name) {
    return ALL.stream()
        .filter(service -> service.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new LaunchException(
                "There is no service "
                    + name
                    + ". The services are: "
                    + String.join(", ", ALL.stream().map(ServiceSpec::name).toList())
                    + "."));
  }

  Path target() {
    return Repository.root().resolve(name).resolve("target");
  }

  /** The executable jar that Maven builds. */
  public Path jar() {
    return target().resolve(name + ".jar");
  }

  /** The folder of the extracted jar, which starts faster. */
  Path appFolder() {
    return target().resolve("app");
  }

  /** The AOT cache that the training run records. */
  AotCache aotCache() {
    return new AotCache(appFolder().resolve(name + ".aot"));
  }

  /**
   * The JVM for a small machine, with the configured options. The training run needs the same
   * options, otherwise the JVM rejects the cache, or runs its code at the compiler level of the
   * training.
   */
  JavaCommand java() {
    return JavaCommand.forService(maxHeap).quickCompiler().configuredOptions();
  }
}
