package shop.local.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shop.local.ServiceSpec;
import shop.local.TrainingRun;
import shop.local.os.Command;
import shop.local.os.LaunchException;
import shop.local.os.Repository;

/**
 * Builds with Maven if a source is newer than the last build, then extracts the jars and records
 * the AOT caches.
 */
final class Build {
  private static final Set<String> IGNORED_FOLDERS = Set.of("target", "test", ".git", ".local");

  private final Path root = Repository.root();
  private final Path stamp = root.resolve("target/built");
  private final ConsoleProgress progress;

  Build(ConsoleProgress progress) {
    this.progress = progress;
  }

  /** Builds if necessary, then extracts and records what the build has changed. */
  void run() {
    if (isStale()) {
      maven();
    }
    TrainingRun.ifNecessary(progress);
  }

  private boolean isStale() {
    try {
      if (!Files.exists(stamp)
          || ServiceSpec.ALL.stream().anyMatch(service -> !Files.exists(service.jar()))) {
        return true;
      }
      return newestSource().compareTo(Files.getLastModifiedTime(stamp)) > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FileTime newestSource() throws IOException {
    var newest = new NewestFile();
    for (var module : modules()) {
      for (var part : List.of("src", "pom.xml")) {
        if (Files.exists(module.resolve(part))) {
          Files.walkFileTree(module.resolve(part), newest);
        }
      }
    }
    Files.walkFileTree(root.resolve("pom.xml"), newest);
    return newest.time;
  }

  private List<Path> modules() {
    var names = ServiceSpec.ALL.stream().map(ServiceSpec::name);
    return Stream.concat(Stream.of("common", "balancing"), names).map(root::resolve).toList();
  }

  private void maven() {
    var mvn =
        Repository.executable("mvn")
            .orElseThrow(() ->
                new LaunchException(
                    "The build needs Maven, and mvn is not on the PATH. "
                        + "Install it (Debian: sudo apt-get install maven) and try again."));
    progress.title("Building");
    progress.begin("maven");
    var began = Instant.now();
    var services = ServiceSpec.ALL.stream().map(ServiceSpec::name).collect(Collectors.joining(","));
    var command =
        new ArrayList<>(
            List.of(mvn.toString(), "-q", "-B", "-T2", "-Dmaven.test.skip", "-Dstyle.color=never"));
    command.addAll(List.of("-pl", services, "-am", "package"));
    try {
      Command.run(root, command);
      Files.createDirectories(stamp.getParent());
      Files.writeString(stamp, "");
      // A source that was edited while Maven ran is newer than the stamp.
      Files.setLastModifiedTime(stamp, FileTime.from(began));
    } catch (LaunchException failure) {
      throw new LaunchException("The build failed.\n" + failure.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    progress.done("maven", Duration.between(began, Instant.now()));
  }

  /** Finds the latest modification of the sources. A deleted file changes its folder's time. */
  private static final class NewestFile extends SimpleFileVisitor<Path> {
    private FileTime time = FileTime.fromMillis(0);

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return IGNORED_FOLDERS.contains(folder.getFileName().toString())
          ? FileVisitResult.SKIP_SUBTREE
          : visitFile(folder, attributes);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.lastModifiedTime().compareTo(time) > 0) {
        time = attributes.lastModifiedTime();
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
