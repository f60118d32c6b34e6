package shop.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import shop.local.os.LaunchException;
import shop.local.os.Repository;

/**
 * The options of a platform.
 *
 * @param dataDir the folder for all its files; only one platform at a time can use it
 * @param portOffset added to every port
 * @param instances the number of processes per service, 1 to 9; 1 if not specified
 * @param environment variables for the processes of a service; they override the default ones
 * @param kafkaProxyPort the port of a proxy in front of Kafka. Clients that connect through it stay
 *     behind it, because Kafka advertises its address. 0 for none
 * @param tls whether the gateways serve TLS instead of plain HTTP, with a self-signed certificate
 * @param databaseUrl of a running PostgreSQL, with the credentials of an administrator; empty for
 *     one that the platform starts
 * @param postgresLauncher runs the command of that PostgreSQL, which follows it; empty for none
 */
public record PlatformOptions(
    Path dataDir,
    int portOffset,
    Map<String, Integer> instances,
    Map<String, Map<String, String>> environment,
    int kafkaProxyPort,
    boolean tls,
    String databaseUrl,
    List<String> postgresLauncher) {
  private static final int MAX_INSTANCES = 9;

  // Ports stay between 1024 and 32768, where Linux's ephemeral ports begin.
  private static final int LOWEST_OFFSET = -7000;
  private static final int HIGHEST_OFFSET = 13_000;

  public PlatformOptions {
    dataDir = dataDir.toAbsolutePath().normalize();
    instances = Map.copyOf(instances);
    instances.forEach(PlatformOptions::check);
    environment = Map.copyOf(environment);
    environment.keySet().forEach(ServiceSpec::byName);
    postgresLauncher = List.copyOf(postgresLauncher);
    if (portOffset < LOWEST_OFFSET || portOffset > HIGHEST_OFFSET) {
      throw new LaunchException(
          "The port offset must be between %d and %d, not %d: lower ports belong to the system, higher ones to outgoing connections."
              .formatted(LOWEST_OFFSET, HIGHEST_OFFSET, portOffset));
    }
  }

  /** A platform with a PostgreSQL of its own. */
  public PlatformOptions(
      Path dataDir,
      int portOffset,
      Map<String, Integer> instances,
      Map<String, Map<String, String>> environment,
      int kafkaProxyPort,
      boolean tls) {
    this(dataDir, portOffset, instances, environment, kafkaProxyPort, tls, "", List.of());
  }

  /** A platform with the default environment, without a proxy and without TLS. */
  public PlatformOptions(Path dataDir, int portOffset, Map<String, Integer> instances) {
    this(dataDir, portOffset, instances, Map.of(), 0, false);
  }

  /** The same options, with or without TLS. */
  public PlatformOptions withTls(boolean on) {
    return new PlatformOptions(
        dataDir,
        portOffset,
        instances,
        environment,
        kafkaProxyPort,
        on,
        databaseUrl,
        postgresLauncher);
  }

  /** The same options with a running PostgreSQL; with an empty URL, the platform starts one. */
  public PlatformOptions withDatabase(String url) {
    return new PlatformOptions(
        dataDir, portOffset, instances, environment, kafkaProxyPort, tls, url, postgresLauncher);
  }

  /** The same options with a PostgreSQL that another command runs. */
  public PlatformOptions withPostgresLauncher(List<String> launcher) {
    return new PlatformOptions(
        dataDir, portOffset, instances, environment, kafkaProxyPort, tls, databaseUrl, launcher);
  }

  private static void check(String service, int count) {
    var spec = ServiceSpec.byName(service);
    if (count < 1 || count > MAX_INSTANCES) {
      throw new LaunchException(
          "--instances %s=%d is not possible: a service has 1 to %d instances."
              .formatted(service, count, MAX_INSTANCES));
    }
    if (spec.equals(ServiceSpec.SANDBOX) && count > 1) {
      throw new LaunchException(
          "--instances %s=%d is not possible: locally there is only one %s."
              .formatted(service, count, service));
    }
  }

  /** The folder {@code .local} of the repository, the default ports, one instance per service. */
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
