package shop.local.os;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The checkout this code belongs to, found from any module's working directory. */
public final class Repository {
  private static final String MARK = "local/pom.xml";

  private Repository() {}

  /** The folder that holds {@code local/pom.xml}: the working directory or one above it. */
  public static Path root() {
    var given = System.getProperty("shop.root");
    var start = Path.of(given == null ? "" : given).toAbsolutePath();
    for (var folder = start; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(MARK))) {
        return folder;
      }
    }
    throw new Failure(
        "Neither "
            + start
            + " nor a folder above it holds "
            + MARK
            + ": run this inside the repository.");
  }

  /** The class path of what a build of this module copied into {@code local/target/<folder>}. */
  public static String jars(String folder) {
    var jars = root().resolve("local/target").resolve(folder);
    if (!Files.isDirectory(jars)) {
      throw new Failure(jars + " is missing. Build it with: mvn -pl local package -DskipTests");
    }
    try (var files = Files.list(jars)) {
      return String.join(
          java.io.File.pathSeparator,
          files.map(Path::toString).filter(f -> f.endsWith(".jar")).sorted().toList());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The {@code java} of the JDK this process runs on. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** A program on the PATH, or in the folders where servers usually lie. */
  public static java.util.Optional<Path> program(String name) {
    var path = System.getenv().getOrDefault("PATH", "");
    var folders =
        java.util.stream.Stream.concat(
            java.util.Arrays.stream(path.split(java.io.File.pathSeparator, -1)),
            List.of("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin", "/opt/homebrew/sbin")
                .stream());
    return folders
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
