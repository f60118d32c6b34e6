package shop.local.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import shop.local.os.Command;
import shop.local.os.Folders;
import shop.local.os.LaunchException;
import shop.local.os.Repository;

/**
 * RabbitMQ and Erlang from the packages of Debian or Ubuntu, unpacked into {@code .local/rabbitmq}
 * without root: apt uses package lists, a cache and a status file in a temporary folder.
 */
final class RabbitPackages {
  private static final Path SYSTEM_STATUS = Path.of("/var/lib/dpkg/status");
  private static final String REMEDY =
      "Install RabbitMQ (Debian, Ubuntu: sudo apt-get install rabbitmq-server, "
          + "then sudo systemctl disable --now rabbitmq-server; macOS: brew install rabbitmq) "
          + "and try again.";

  private final Path work;
  private final Path root;

  private RabbitPackages(Path work, Path root) {
    this.work = work;
    this.root = root;
  }

  /** The folder with the unpacked packages. Waits while another process downloads them. */
  static Path provide() {
    var ready = Repository.root().resolve(".local/rabbitmq");
    if (!Files.isDirectory(ready)) {
      requireTools();
      Folders.createOnce(ready, RabbitPackages::download);
    }
    return ready;
  }

  private static void requireTools() {
    for (var tool : List.of("apt-get", "dpkg-deb")) {
      if (Repository.executable(tool).isEmpty()) {
        throw new LaunchException(
            "RabbitMQ is not installed, and it cannot be downloaded without "
                + tool
                + ". "
                + REMEDY);
      }
    }
  }

  private static void download(Path root) throws IOException {
    var work = Files.createTempDirectory(root.getParent(), "packages");
    try {
      new RabbitPackages(work, root).unpack();
    } catch (LaunchException failure) {
      throw new LaunchException(
          "RabbitMQ could not be downloaded. " + REMEDY + "\n" + failure.getMessage());
    } finally {
      Folders.delete(work);
    }
  }

  private void unpack() throws IOException {
    for (var folder : List.of("state/lists/partial", "cache/archives/partial", "debs")) {
      Files.createDirectories(work.resolve(folder));
    }
    Files.writeString(work.resolve("status"), statusWithoutErlang());
    Command.run(work, apt("update"));
    var plan =
        Command.run(work, apt("-s", "--no-install-recommends", "install", "rabbitmq-server"));
    var download = new ArrayList<>(apt("download"));
    download.addAll(toInstall(plan));
    Command.run(work.resolve("debs"), download);
    try (var archives = Files.list(work.resolve("debs"))) {
      for (var archive : archives.toList()) {
        Command.run(work, List.of("dpkg-deb", "-x", archive.toString(), root.toString()));
      }
    }
  }

  /** Without the installed parts of Erlang and RabbitMQ, so that apt downloads all of them. */
  private static String statusWithoutErlang() throws IOException {
    if (!Files.isReadable(SYSTEM_STATUS)) {
      return "";
    }
    return Arrays.stream(Files.readString(SYSTEM_STATUS).split("\n\n", -1))
        .filter(entry -> !entry.matches("(?s)\\s*Package: (erlang|rabbitmq).*"))
        .collect(Collectors.joining("\n\n"));
  }

  private List<String> apt(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                "apt-get",
                "-q",
                "-o",
                "Dir::State=" + work.resolve("state"),
                "-o",
                "Dir::Cache=" + work.resolve("cache"),
                "-o",
                "Dir::State::status=" + work.resolve("status"),
                // apt's own unprivileged user has no access to this folder.
                "-o",
                "APT::Sandbox::User=" + System.getProperty("user.name")));
    command.addAll(List.of(arguments));
    return command;
  }

  private static List<String> toInstall(String plan) {
    return plan.lines()
        .filter(line -> line.startsWith("Inst "))
        .map(line -> line.split(" ", -1)[1])
        .toList();
  }
}
