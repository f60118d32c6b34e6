package shop.local.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An AOT cache of JDK 25 (JEP 483, 514, 515): the loaded and linked classes of a training run and
 * the profiles of its methods. The JVM ignores it silently unless JDK, class path and most options
 * are those of the training run, so what it was recorded with is noted beside it.
 */
public record AotCache(Path file) {

  /** Whether a JVM uses the cache or records it. */
  public enum Mode {
    USE,
    RECORD
  }

  /**
   * Adds the option that uses or records the cache, in this mode. A cache that does not fit is not
   * used.
   *
   * @param content identifies what is on the class path
   */
  public JavaCommand apply(Mode mode, JavaCommand command, String content) {
    return switch (mode) {
      case USE -> fits(command, content) ? command.options("-XX:AOTCache=" + file) : command;
      case RECORD -> command.options("-XX:AOTCacheOutput=" + file);
    };
  }

  /** Whether it was recorded with this JDK, these options and this content, in this folder. */
  public boolean fits(JavaCommand command, String content) {
    return Files.exists(file) && inputs(command, content).equals(marker().read());
  }

  /** Deletes the cache and its note: an interrupted training run leaves none. */
  public void delete() {
    Folders.delete(marker().file());
    Folders.delete(file);
  }

  /**
   * Notes what the cache was recorded with.
   *
   * @return false if the JVM did not write the cache
   */
  public boolean recorded(JavaCommand command, String content) {
    if (!Files.exists(file)) {
      return false;
    }
    marker().write(inputs(command, content));
    return true;
  }

  /**
   * Whether a process has mapped the cache; empty where the kernel does not say (it is Linux's
   * /proc).
   */
  public Optional<Boolean> isUsedBy(OsProcess process) {
    try (var lines = Files.lines(Path.of("/proc", String.valueOf(process.pid()), "maps"))) {
      return Optional.of(lines.anyMatch(line -> line.endsWith(file.toString())));
    } catch (IOException | UncheckedIOException unknown) {
      return Optional.empty();
    }
  }

  private TextFile marker() {
    return new TextFile(file.resolveSibling(file.getFileName() + ".inputs"));
  }

  /** What decides whether a recorded cache fits. */
  public String inputs(JavaCommand command, String content) {
    return String.join(
        "\n",
        System.getProperty("java.home"),
        Runtime.version().toString(),
        file.toString(),
        String.join(" ", command.options()),
        content);
  }
}
