package shop.local.os;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The checkout of this repository, found from the working directory of any module. */
public final class Repository {
  private static final String MARKER = "local/pom.xml";

  private Repository() {}

  /** The folder that contains {@code local/pom.xml}: the working directory or one above it. */
  public static Path root() {
    var configured = System.getProperty("shop.root");
    var start = Path.of(configured == null ? "" : configured).toAbsolutePath();
    for (var folder = start; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(MARKER))) {
        return folder;
      }
    }
    throw new LaunchException(
        "Neither "
            + start
            + " nor a folder above it contains "
            + MARKER
            + ". Run this inside the repository.");
  }

  /** A class path of the jars that a build of this module copied to {@code local/target/FOLDER}. */
  public static String classPath(String folder) {
    var jars = root().resolve("local/target").resolve(folder);
    if (!Files.isDirectory(jars)) {
      throw new LaunchException(
          jars + " is missing. Build it with: mvn -pl local package -DskipTests");
    }
    try (var files = Files.list(jars)) {
      return String.join(
          java.io.File.pathSeparator,
          files.map(Path::toString).filter(f -> f.endsWith(".jar")).sorted().toList());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A program on the PATH, or in the usual folders for servers. */
  public static java.util.Optional<Path> executable(String name) {
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
