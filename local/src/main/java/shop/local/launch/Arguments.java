package shop.local.launch;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import shop.local.PlatformOptions;
import shop.local.os.LaunchException;

/** The command line of {@code ./start} and {@code ./stop}. */
record Arguments(
    String command, boolean detach, boolean wipe, PlatformOptions options, List<String> given) {
  static final String USAGE =
      """
      ./start [--detach] [--instances SERVICE=N]... [--tls] [--port-offset N] [--data DIR]
        Builds what has changed, starts brokers and services, and places a first order.
        What exits is restarted after a pause. Ctrl-C stops everything.
        --status                 show what runs, since when, restarts, memory and ports, and return
        --detach                 return when the platform is ready; it runs, and is watched, in the background
        --instances SERVICE=N    run N processes of a service (1 to 9), for example order-service=2
        --tls                    serve the API with TLS, with a self-signed certificate, and HTTP/2
        --port-offset N          add N to every port, to run a second platform on this machine
        --data DIR               store data, logs and secrets in DIR instead of .local
        The variable DATABASE_URL=postgresql://user:password@host:port/database names a running PostgreSQL, and an
        administrator of it, who creates the roles and schemas of the services; without it, one is started.

      ./stop [--wipe] [--data DIR]
        Stops everything that ./start started.
        --wipe                   also delete data, logs and secrets
        --data DIR               stop the platform that was started with --data DIR
      """;

  static Arguments parse(List<String> arguments) {
    var rest = new ArrayDeque<>(arguments);
    var command = rest.isEmpty() ? "" : rest.pop();
    var instances = new HashMap<String, Integer>();
    var dataDir = PlatformOptions.defaults().dataDir();
    var offset = 0;
    var detach = false;
    var wipe = false;
    var tls = false;
    while (!rest.isEmpty()) {
      var option = rest.pop();
      switch (option) {
        case "--detach" -> detach = true;
        case "--status" -> command = "status";
        case "--wipe" -> wipe = true;
        case "--tls" -> tls = true;
        case "--instances" -> addInstances(value(option, rest), instances);
        case "--port-offset" -> offset = number(option, value(option, rest));
        case "--data" -> dataDir = Path.of(value(option, rest));
        default -> throw new LaunchException("Unknown option: " + option + "\n\n" + USAGE);
      }
    }
    return new Arguments(
        command,
        detach,
        wipe,
        new PlatformOptions(dataDir, offset, instances)
            .withTls(tls)
            .withDatabase(System.getenv().getOrDefault("DATABASE_URL", "").strip()),
        List.copyOf(arguments));
  }

  /** The arguments with which a launcher watches the platform that was started with these. */
  String[] watching() {
    return Stream.concat(
            Stream.of("watch"),
            given.stream().skip(1).filter(argument -> !argument.equals("--detach")))
        .toArray(String[]::new);
  }

  private static void addInstances(String value, Map<String, Integer> instances) {
    var parts = value.split("=", -1);
    if (parts.length != 2) {
      throw new LaunchException(
          "--instances needs SERVICE=N, for example order-service=2, not " + value + ".");
    }
    instances.put(parts[0], number("--instances", parts[1]));
  }

  private static int number(String option, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new LaunchException(option + " needs a whole number, not " + value + ".", e);
    }
  }

  private static String value(String option, ArrayDeque<String> rest) {
    if (rest.isEmpty()) {
      throw new LaunchException(option + " needs a value.\n\n" + USAGE);
    }
    return rest.pop();
  }
}
