package shop.bench.payments;

import java.util.HashMap;
import java.util.Map;

/**
 * The options of {@code ./measure payments}.
 *
 * @param warmUp seconds before the first run
 * @param orders placed at once to measure the throughput
 * @param rate orders per second where latencies are measured
 * @param seconds of a run at a constant rate
 * @param runs of each kind
 * @param record 1 to record a CPU profile of payment-service
 */
record Options(int warmUp, int orders, int rate, int seconds, int runs, int record) {

  static Options of(String[] arguments) {
    Map<String, String> remaining = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      remaining.put(arguments[i], arguments[i + 1]);
    }
    var options =
        new Options(
            number(remaining, "--warm-up", 40, 0, 600),
            number(remaining, "--orders", 10_000, 100, 100_000),
            number(remaining, "--rate", 100, 1, 2_000),
            number(remaining, "--seconds", 20, 1, 300),
            number(remaining, "--runs", 3, 1, 10),
            number(remaining, "--record", 0, 0, 1));
    if (!remaining.isEmpty() || arguments.length % 2 != 0) {
      throw new IllegalArgumentException("Invalid options: " + String.join(" ", arguments));
    }
    return options;
  }

  boolean isRecorded() {
    return record == 1;
  }

  private static int number(
      Map<String, String> remaining, String name, int defaultValue, int min, int max) {
    String text = remaining.remove(name);
    int number = text == null ? defaultValue : Integer.parseInt(text);
    if (number < min || number > max) {
      throw new IllegalArgumentException("%s must be %d to %d".formatted(name, min, max));
    }
    return number;
  }
}
