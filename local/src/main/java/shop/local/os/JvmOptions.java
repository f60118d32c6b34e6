package shop.local.os;

import java.util.Arrays;
import java.util.List;

/** Options for the JVMs that are started, beyond those that each of them has. */
public final class JvmOptions {
  /** The quick compiler alone: a third less work at start, and a tenth less memory. */
  public static final String QUICK = "-XX:TieredStopAtLevel=1";

  /**
   * Heap and compiled code in pages of 2 MB, where the kernel gives them when asked (Debian's
   * default). docs/measurements.md says what that gains. Only Linux knows the option.
   */
  public static final List<String> HUGE_PAGES =
      System.getProperty("os.name").equals("Linux")
          ? List.of("-XX:+UseTransparentHugePages")
          : List.of();

  private static final String VARIABLE = "SHOP_JVM_OPTIONS";

  private JvmOptions() {}

  /**
   * Those of the environment variable {@code SHOP_JVM_OPTIONS}, separated by blanks; they come last
   * and so win: {@code -XX:TieredStopAtLevel=4} for the full compiler, where throughput counts.
   */
  public static List<String> given() {
    return Arrays.stream(System.getenv().getOrDefault(VARIABLE, "").split("\\s+", -1))
        .filter(option -> !option.isEmpty())
        .toList();
  }
}
