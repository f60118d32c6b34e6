package shop.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import shop.local.os.Failure;
import shop.local.os.PortHolder;
import shop.local.os.Ports;

/** What has to be true of the machine before anything is started; each answer names the remedy. */
final class Preflight {
  private static final long MEGABYTE = 1024L * 1024;
  private static final long MEMORY = 3 * 1024 * MEGABYTE;
  private static final long DISK = 2 * 1024 * MEGABYTE;
  private static final int JDK = 25;
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  private Preflight() {}

  static void check(Plan plan) {
    jdk(Runtime.version().feature());
    ports(plan.ports());
    memory(availableMemory());
    disk(plan.options().dataDir());
  }

  static void jdk(int version) {
    if (version < JDK) {
      throw new Failure(
          "This runs on JDK %d and needs 25: use ./start, which finds one, or set JAVA_HOME."
              .formatted(version));
    }
  }

  static void ports(Map<Integer, String> wanted) {
    wanted.forEach((port, who) -> {
      if (!Ports.free(port)) {
        throw new Failure(
            "Port %d, which %s needs, is taken by %s. Stop that, or use other ports: ./start --port-offset 1000"
                .formatted(port, who, PortHolder.of(port)));
      }
    });
  }

  static void memory(long available) {
    if (available < MEMORY) {
      throw new Failure(
          "The platform needs 3 GB of free memory, and there are %.1f GB. Close something and try again."
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
      throw new Failure("The free space of " + existing + " cannot be read: " + e.getMessage(), e);
    }
  }

  static void disk(Path folder, long usable) {
    if (usable < DISK) {
      throw new Failure(
          "The platform needs 2 GB of free disk, and %s has %.1f GB. Free some, or use another disk: ./start --data DIR"
              .formatted(folder, usable / (1024.0 * MEGABYTE)));
    }
  }

  /** Only Linux tells; elsewhere the check is left out. */
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
