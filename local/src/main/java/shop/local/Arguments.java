package shop.local;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shop.local.os.Failure;

/** What was typed behind {@code ./start} or {@code ./stop}. */
record Arguments(String command, boolean detach, boolean wipe, PlatformOptions options) {
  static final String USAGE =
      """
      ./start [--detach] [--instances SERVICE=N]... [--port-offset N] [--data DIR]
        Builds what is stale, starts everything and places a first order.
        --detach              return when it is ready and leave it running
        --instances           more processes of a service, for example order-service=2
        --port-offset N       add N to every port, for a second platform beside another
        --data DIR            keep data, logs and secrets in DIR instead of .local

      ./stop [--wipe] [--data DIR]
        Stops everything.
        --wipe                also delete its data, logs and secrets
      """;

  static Arguments parse(List<String> words) {
    var rest = new ArrayDeque<>(words);
    var command = rest.isEmpty() ? "" : rest.pop();
    var instances = new HashMap<String, Integer>();
    var dataDir = PlatformOptions.defaults().dataDir();
    var offset = 0;
    var detach = false;
    var wipe = false;
    while (!rest.isEmpty()) {
      var word = rest.pop();
      switch (word) {
        case "--detach" -> detach = true;
        case "--wipe" -> wipe = true;
        case "--instances" -> addInstances(value(word, rest), instances);
        case "--port-offset" -> offset = number(word, value(word, rest));
        case "--data" -> dataDir = Path.of(value(word, rest));
        default -> throw new Failure("There is no option " + word + ".\n\n" + USAGE);
      }
    }
    return new Arguments(command, detach, wipe, new PlatformOptions(dataDir, offset, instances));
  }

  private static void addInstances(String value, Map<String, Integer> instances) {
    var parts = value.split("=", -1);
    if (parts.length != 2) {
      throw new Failure("--instances takes SERVICE=N, for example order-service=2.");
    }
    instances.put(parts[0], number("--instances", parts[1]));
  }

  private static int number(String option, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new Failure(option + " takes a number, not " + value + ".", e);
    }
  }

  private static String value(String option, ArrayDeque<String> rest) {
    if (rest.isEmpty()) {
      throw new Failure(option + " needs a value.\n\n" + USAGE);
    }
    return rest.pop();
  }
}
