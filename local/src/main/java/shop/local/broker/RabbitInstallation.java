package shop.local.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import shop.local.os.Command;
import shop.local.os.LaunchException;
import shop.local.os.Repository;

/**
 * A RabbitMQ and its Erlang, installed or unpacked from packages.
 *
 * @param home RabbitMQ's folder, which contains {@code plugins}
 * @param erlang Erlang's root folder, which contains {@code erts-*}
 */
record RabbitInstallation(Path home, Path erlang) {

  /**
   * The installed RabbitMQ, else that of the packages, which the first call downloads.
   *
   * @throws LaunchException if there is neither
   */
  static RabbitInstallation find() {
    return installed().orElseGet(() -> unpackedIn(RabbitPackages.provide()));
  }

  /** The RabbitMQ whose packages were unpacked into a folder. */
  static RabbitInstallation unpackedIn(Path root) {
    var home = child(root.resolve("usr/lib/rabbitmq/lib"), "rabbitmq_server-");
    var erlang = root.resolve("usr/lib/erlang");
    if (home.isEmpty() || !Files.isDirectory(erlang)) {
      throw new LaunchException(
          root + " does not contain a complete RabbitMQ. Delete the folder and start again.");
    }
    return new RabbitInstallation(home.get(), erlang);
  }

  private static Optional<RabbitInstallation> installed() {
    var home = Repository.executable("rabbitmq-server").flatMap(RabbitInstallation::homeOf);
    var erlang = Repository.executable("erl").map(RabbitInstallation::rootOf);
    return home.flatMap(folder -> erlang.map(root -> new RabbitInstallation(folder, root)));
  }

  /** Debian has a wrapper in /usr/sbin; elsewhere the program is in the sbin folder of the home. */
  private static Optional<Path> homeOf(Path program) {
    try {
      var grandparent = program.toRealPath().resolve("../..").normalize();
      return isHome(grandparent)
          ? Optional.of(grandparent)
          : child(Path.of("/usr/lib/rabbitmq/lib"), "rabbitmq_server-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isHome(Path folder) {
    return Files.isDirectory(folder.resolve("plugins"));
  }

  private static Path rootOf(Path erl) {
    return Path.of(
        Command.run(
                Path.of("/"),
                List.of(
                    erl.toString(), "-noshell", "-eval", "io:put_chars(code:root_dir()),halt()."))
            .trim());
  }

  /** A program of the Erlang runtime. */
  Path binary(String name) {
    return binaries().resolve(name);
  }

  /** The folder of the Erlang runtime's programs. */
  Path binaries() {
    return child(erlang, "erts-")
        .map(erts -> erts.resolve("bin"))
        .orElseThrow(() ->
            new LaunchException(
                "There is no Erlang runtime (erts-*) in " + erlang + ". Install Erlang again."));
  }

  private static Optional<Path> child(Path folder, String prefix) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(c -> c.getFileName().toString().startsWith(prefix))
          .sorted()
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
