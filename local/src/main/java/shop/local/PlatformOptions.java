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
 */
public record PlatformOptions(Path dataDir, int portOffset, Map<String, Integer> instances) {
  private static final int MOST = 9;
  private static final int LOWEST_OFFSET = -7000;
  private static final int HIGHEST_OFFSET = 45_000;

  public PlatformOptions {
    dataDir = dataDir.toAbsolutePath().normalize();
    instances = Map.copyOf(instances);
    instances.forEach(PlatformOptions::check);
    if (portOffset < LOWEST_OFFSET || portOffset > HIGHEST_OFFSET) {
      throw new Failure(
          "The port offset must lie between -7000 and 45000, not " + portOffset + ".");
    }
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

  int instancesOf(ServiceSpec service) {
    return instances.getOrDefault(service.name(), 1);
  }
}
