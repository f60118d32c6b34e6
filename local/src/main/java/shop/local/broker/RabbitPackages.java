package shop.local.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import shop.local.os.Failure;
import shop.local.os.Folders;
import shop.local.os.Repository;
import shop.local.os.Shell;

/**
 * RabbitMQ and Erlang from the packages of Debian or Ubuntu, unpacked into {@code .local/rabbitmq}
 * without root: apt works on lists, a cache and a status file of its own.
 */
final class RabbitPackages {
  private static final Path SYSTEM_STATUS = Path.of("/var/lib/dpkg/status");
  private static final String REMEDY =
      "Install RabbitMQ (Debian, Ubuntu: sudo apt-get install rabbitmq-server, "
          + "then sudo systemctl disable --now rabbitmq-server; macOS: brew install rabbitmq) "
          + "and try again.";

  private final Path work;

  private RabbitPackages(Path work) {
    this.work = work;
  }

  /** The folder with the unpacked packages; whoever comes while they are fetched waits. */
  static synchronized Path provide() {
    var parent = Repository.root().resolve(".local");
    var ready = parent.resolve("rabbitmq");
    if (Files.isDirectory(ready)) {
      return ready;
    }
    for (var tool : List.of("apt-get", "dpkg-deb")) {
      if (Repository.program(tool).isEmpty()) {
        throw new Failure("RabbitMQ is not installed, and there is no " + tool + ". " + REMEDY);
      }
    }
    try {
      Files.createDirectories(parent);
      fetchOnce(parent, ready);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ready;
  }

  private static void fetchOnce(Path parent, Path ready) throws IOException {
    try (var channel =
            FileChannel.open(
                parent.resolve("rabbitmq.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      if (Files.isDirectory(ready)) {
        return;
      }
      var work = Files.createTempDirectory(parent, "rabbitmq-packages");
      try {
        new RabbitPackages(work).unpack();
        Files.move(work.resolve("root"), ready);
      } catch (Failure failure) {
        throw new Failure("RabbitMQ could not be fetched. " + REMEDY + "\n" + failure.getMessage());
      } finally {
        Folders.delete(work);
      }
    }
  }

  private void unpack() throws IOException {
    for (var folder : List.of("state/lists/partial", "cache/archives/partial", "debs", "root")) {
      Files.createDirectories(work.resolve(folder));
    }
    Files.writeString(work.resolve("status"), statusWithoutErlang());
    Shell.run(work, apt("update"));
    var plan = Shell.run(work, apt("-s", "--no-install-recommends", "install", "rabbitmq-server"));
    var download = new ArrayList<>(apt("download"));
    download.addAll(toInstall(plan));
    Shell.run(work.resolve("debs"), download);
    try (var archives = Files.list(work.resolve("debs"))) {
      for (var archive : archives.toList()) {
        Shell.run(
            work, List.of("dpkg-deb", "-x", archive.toString(), work.resolve("root").toString()));
      }
    }
  }

  /** Erlang and RabbitMQ have to come whole, even where parts of them are installed. */
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
                // Its unprivileged user may not enter this folder.
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
