package shop.bench.platform;

import java.util.HashMap;
import java.util.Map;

/** Options of a measurement, written {@code --name value}. Each is taken once. */
public final class Arguments {

  private final Map<String, String> remaining = new HashMap<>();

  /**
   * The options of a command line.
   *
   * @throws IllegalArgumentException if a name or a value is missing
   */
  public Arguments(String[] arguments) {
    for (int i = 0; i < arguments.length; i += 2) {
      if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
        throw new IllegalArgumentException("Options are written --name value: " + arguments[i]);
      }
      remaining.put(arguments[i].substring(2), arguments[i + 1]);
    }
  }

  /** An option's text. */
  public String text(String name, String defaultValue) {
    var text = remaining.remove(name);
    return text == null ? defaultValue : text;
  }

  /**
   * An option's number.
   *
   * @throws IllegalArgumentException if it is none or out of range
   */
  public int number(String name, int defaultValue, int min, int max) {
    var text = remaining.remove(name);
    int number = text == null ? defaultValue : Integer.parseInt(text);
    if (number < min || number > max) {
      throw new IllegalArgumentException("--%s must be %d to %d".formatted(name, min, max));
    }
    return number;
  }

  /**
   * Ends the reading.
   *
   * @throws IllegalArgumentException if an option has not been taken
   */
  public void requireNoOthers() {
    if (!remaining.isEmpty()) {
      throw new IllegalArgumentException("Unknown options " + remaining.keySet());
    }
  }
}
