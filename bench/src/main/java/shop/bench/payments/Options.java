package shop.bench.payments;

import java.util.HashMap;
import java.util.Map;

/**
 * How much is measured, and how long.
 *
 * @param warmUp seconds before the first run
 * @param orders that wait at once where completed orders a second are counted
 * @param rate orders a second where times are measured
 * @param seconds of such a run
 * @param runs of each kind
 * @param record 1 to record where payment-service spends its CPU time
 */
record Options(int warmUp, int orders, int rate, int seconds, int runs, int record) {

  static Options of(String[] arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      given.put(arguments[i], arguments[i + 1]);
    }
    var options =
        new Options(
            number(given, "--warm-up", 40, 0, 600),
            number(given, "--orders", 10_000, 100, 100_000),
            number(given, "--rate", 100, 1, 2_000),
            number(given, "--seconds", 20, 1, 300),
            number(given, "--runs", 3, 1, 10),
            number(given, "--record", 0, 0, 1));
    if (!given.isEmpty() || arguments.length % 2 != 0) {
      throw new IllegalArgumentException("Not understood: " + String.join(" ", arguments));
    }
    return options;
  }

  boolean isRecorded() {
    return record == 1;
  }

  private static int number(
      Map<String, String> given, String name, int usual, int least, int most) {
    String text = given.remove(name);
    int number = text == null ? usual : Integer.parseInt(text);
    if (number < least || number > most) {
      throw new IllegalArgumentException("%s takes %d to %d".formatted(name, least, most));
    }
    return number;
  }
}
