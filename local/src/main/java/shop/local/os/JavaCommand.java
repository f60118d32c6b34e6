package shop.local.os;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The command line of a JVM that is started as a child process, on the JDK of this process. Only
 * the options that are added here are passed; among equal options the JVM takes the last.
 */
public final class JavaCommand {
  /** Options for the JVM of each service, Kafka and the mail server, separated by blanks. */
  private static final String VARIABLE = "SHOP_JVM_OPTIONS";

  private final List<String> options = new ArrayList<>();

  private JavaCommand() {}

  /**
   * Starts a command line.
   *
   * @param maxHeap in megabytes
   */
  public static JavaCommand withMaxHeap(int maxHeap) {
    return new JavaCommand().options("-Xmx" + maxHeap + "m");
  }

  /** A JVM of default size. */
  public static JavaCommand withDefaults() {
    return new JavaCommand();
  }

  /**
   * What every service is started with: {@link #hugePages}, {@link #serialCollector}, {@link
   * #nativeAccess}, {@link #exitOnOutOfMemory}, and sizes for a small machine.
   *
   * @param maxHeap in megabytes
   */
  public static JavaCommand forService(int maxHeap) {
    return withMaxHeap(maxHeap)
        .hugePages()
        .serialCollector()
        .initialHeap(32)
        .options("-Xss512k", "-XX:ReservedCodeCacheSize=64m")
        .exitOnOutOfMemory()
        .nativeAccess();
  }

  /** In megabytes. */
  public JavaCommand initialHeap(int megabytes) {
    return options("-Xms" + megabytes + "m");
  }

  /** The collector with the smallest footprint, for one or two cores and a small heap. */
  public JavaCommand serialCollector() {
    return options("-XX:+UseSerialGC");
  }

  /** Only the first compiler (C1): a third less work at start, and a tenth less memory. */
  public JavaCommand quickCompiler() {
    return options("-XX:TieredStopAtLevel=1");
  }

  /**
   * Heap and compiled code in pages of 2 MB, where the kernel provides them on request (Debian's
   * default); docs/measurements.md has the gain. Omitted where the option is unknown: it exists on
   * Linux only.
   */
  public JavaCommand hugePages() {
    return System.getProperty("os.name").equals("Linux")
        ? options("-XX:+UseTransparentHugePages")
        : this;
  }

  /** Ends the JVM at the first OutOfMemoryError instead of leaving it half working. */
  public JavaCommand exitOnOutOfMemory() {
    return options("-XX:+ExitOnOutOfMemoryError");
  }

  /** Allows native libraries and sun.misc.Unsafe without the warnings of JDK 25. */
  public JavaCommand nativeAccess() {
    return options("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
  }

  /**
   * The options of the environment variable {@code SHOP_JVM_OPTIONS}, for example {@code
   * -XX:TieredStopAtLevel=4} for the full compiler where throughput counts. Call it last: these
   * override the options before them.
   */
  public JavaCommand configuredOptions() {
    return options(System.getenv().getOrDefault(VARIABLE, "").split("\\s+", -1));
  }

  /** Adds JVM options; empty ones are ignored. */
  public JavaCommand options(String... more) {
    Arrays.stream(more).filter(option -> !option.isEmpty()).forEach(options::add);
    return this;
  }

  /** The options alone, in their order. */
  public List<String> options() {
    return Collections.unmodifiableList(options);
  }

  /** {@code java OPTIONS -jar JAR ARGUMENTS}. */
  public List<String> jar(String jar, String... arguments) {
    return command(List.of("-jar", jar), arguments);
  }

  /** {@code java OPTIONS -cp CLASSPATH CLASS ARGUMENTS}. */
  public List<String> mainClass(String classPath, String mainClass, String... arguments) {
    return command(List.of("-cp", classPath, mainClass), arguments);
  }

  private List<String> command(List<String> program, String... arguments) {
    var command = new ArrayList<String>();
    command.add(jdkTool("java"));
    command.addAll(options);
    command.addAll(program);
    command.addAll(List.of(arguments));
    return command;
  }

  /** A program of the JDK that this process runs on, for example {@code jcmd}. */
  public static String jdkTool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /** The class path of this process; under Surefire, that of the test and not of its booter jar. */
  public static String ownClassPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
