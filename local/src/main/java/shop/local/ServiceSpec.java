package shop.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import shop.local.os.Failure;
import shop.local.os.JvmOptions;
import shop.local.os.Repository;

/**
 * One of our services, as it runs locally.
 *
 * @param name its module, jar and process
 * @param port of its first instance
 * @param heap greatest heap, in megabytes
 */
record ServiceSpec(String name, int port, int heap) {
  static final ServiceSpec GATEWAY = new ServiceSpec("gateway", 8080, 160);
  static final ServiceSpec SANDBOX = new ServiceSpec("payment-sandbox", 8090, 160);

  static final List<ServiceSpec> ALL =
      List.of(
          new ServiceSpec("order-service", 8081, 256),
          GATEWAY,
          new ServiceSpec("payment-service", 8082, 160),
          new ServiceSpec("notification-service", 8083, 160),
          new ServiceSpec("analytics-service", 8084, 160),
          new ServiceSpec("operations-service", 8085, 160),
          SANDBOX);

  static ServiceSpec named(String name) {
    return ALL.stream()
        .filter(service -> service.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new Failure(
                "There is no service "
                    + name
                    + ". There are: "
                    + String.join(", ", ALL.stream().map(ServiceSpec::name).toList())
                    + "."));
  }

  Path target() {
    return Repository.root().resolve(name).resolve("target");
  }

  /** What Maven builds. */
  Path jar() {
    return target().resolve(name + ".jar");
  }

  /** The jar taken apart, which starts faster. */
  Path app() {
    return target().resolve("app");
  }

  /** What the JVM learnt from a training run, so that it starts faster still. */
  Path cache() {
    return app().resolve(name + ".aot");
  }

  /**
   * Options for a small machine, and those that are given. The same ones in the training run: else
   * the cache is refused, or keeps code at the level of the compiler that it was trained with.
   */
  List<String> jvmOptions() {
    var options = new ArrayList<>(JvmOptions.HUGE_PAGES);
    options.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xms32m",
            "-Xmx" + heap + "m",
            "-Xss512k",
            "-XX:ReservedCodeCacheSize=64m",
            JvmOptions.QUICK,
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    options.addAll(JvmOptions.given());
    return options;
  }
}
