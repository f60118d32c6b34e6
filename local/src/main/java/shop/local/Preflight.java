package shop.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import shop.local.os.LaunchException;
import shop.local.os.Ports;

/** Checks the machine before anything is started; each error message contains the remedy. */
public final class Preflight {
  private static final long MEGABYTE = 1024L * 1024;
  private static final long REQUIRED_MEMORY = 3 * 1024 * MEGABYTE;
  private static final long REQUIRED_DISK = 2 * 1024 * MEGABYTE;
  private static final int REQUIRED_JDK = 25;
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  private Preflight() {}

  /**
   * Checks JDK, ports, memory and disk.
   *
   * @throws LaunchException at the first that is not sufficient
   */
  public static void check(PlatformTopology topology) {
    jdk(Runtime.version().feature());
    ports(topology.ports());
    memory(availableMemory());
    disk(topology.options().dataDir());
  }

  static void jdk(int version) {
    if (version < REQUIRED_JDK) {
      throw new LaunchException(
          "The platform needs JDK %d or newer, and this is JDK %d. Use ./start, which looks for one, or set JAVA_HOME."
              .formatted(REQUIRED_JDK, version));
    }
  }

  static void ports(Map<Integer, String> required) {
    required.forEach(Ports::requireFree);
  }

  static void memory(long available) {
    if (available < REQUIRED_MEMORY) {
      throw new LaunchException(
          "The platform needs 3 GB of available memory, and there are %.1f GB. Close other programs and try again."
              .formatted(available / (1024.0 * MEGABYTE)));
    }
  }

  private static void disk(Path folder) {
    var existing = folder;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      disk(existing, Files.getFileStore(existing).getUsableSpace());
    } catch (IOException e) {
      throw new LaunchException(
          "The free disk space of " + existing + " cannot be read: " + e.getMessage(), e);
    }
  }

  static void disk(Path folder, long usable) {
    if (usable < REQUIRED_DISK) {
      throw new LaunchException(
          "The platform needs 2 GB of free disk space, and %s has %.1f GB. Delete files, or use another disk: ./start --data DIR"
              .formatted(folder, usable / (1024.0 * MEGABYTE)));
    }
  }

  /** In bytes. Only Linux reports it; elsewhere the check always passes. */
  private static long availableMemory() {
    try (var lines =
        Files.exists(MEMINFO) ? Files.lines(MEMINFO) : java.util.stream.Stream.<String>of()) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
