package shop.local;

import java.nio.file.Path;
import java.util.Map;
import shop.local.os.Failure;
import shop.local.os.Repository;

/**
 * What a platform looks like.
 *
 * @param dataDir folder for all that it writes; one platform at a time uses it
 * @param portOffset added to every port
 * @param instances how many processes of a service, 1 to 9; one where nothing is said
 * @param environment variables for the processes of a service, which count more than the usual ones
 * @param kafkaProxyPort where a proxy in front of Kafka listens, which clients that begin there
 *     never leave; 0 for none
 */
public record PlatformOptions(
    Path dataDir,
    int portOffset,
    Map<String, Integer> instances,
    Map<String, Map<String, String>> environment,
    int kafkaProxyPort) {
  private static final int MOST = 9;

  // From 1024 on, up to where Linux begins to hand ports out to outgoing connections (32768).
  private static final int LOWEST_OFFSET = -7000;
  private static final int HIGHEST_OFFSET = 13_000;

  public PlatformOptions {
    dataDir = dataDir.toAbsolutePath().normalize();
    instances = Map.copyOf(instances);
    instances.forEach(PlatformOptions::check);
    environment = Map.copyOf(environment);
    environment.keySet().forEach(ServiceSpec::named);
    if (portOffset < LOWEST_OFFSET || portOffset > HIGHEST_OFFSET) {
      throw new Failure(
          "The port offset must lie between %d and %d, not %d: below are ports of the system, above those of outgoing connections."
              .formatted(LOWEST_OFFSET, HIGHEST_OFFSET, portOffset));
    }
  }

  /** A platform without a proxy, with the usual environment. */
  public PlatformOptions(Path dataDir, int portOffset, Map<String, Integer> instances) {
    this(dataDir, portOffset, instances, Map.of(), 0);
  }

  private static void check(String service, int count) {
    var spec = ServiceSpec.named(service);
    if (count < 1 || count > MOST) {
      throw new Failure("There can be 1 to 9 instances of " + service + ", not " + count + ".");
    }
    var single = spec.equals(ServiceSpec.GATEWAY) || spec.equals(ServiceSpec.SANDBOX);
    if (single && count > 1) {
      throw new Failure("There is one " + service + " locally.");
    }
  }

  /** The repository's {@code .local}, the usual ports, one instance of each. */
  public static PlatformOptions defaults() {
    return new PlatformOptions(Repository.root().resolve(".local"), 0, Map.of());
  }

  Map<String, String> environmentOf(ServiceSpec service) {
    return environment.getOrDefault(service.name(), Map.of());
  }

  int instancesOf(ServiceSpec service) {
    return instances.getOrDefault(service.name(), 1);
  }
}
