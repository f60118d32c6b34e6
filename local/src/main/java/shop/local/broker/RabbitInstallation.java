package shop.local.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import shop.local.os.Failure;
import shop.local.os.Repository;
import shop.local.os.Shell;

/**
 * A RabbitMQ and its Erlang: installed, or unpacked from packages.
 *
 * @param home RabbitMQ's folder, which holds {@code plugins}
 * @param erlang Erlang's root folder, which holds {@code erts-*}
 */
record RabbitInstallation(Path home, Path erlang) {

  /**
   * The installed one, else the one of the packages, which are fetched at the first call.
   *
   * @throws Failure if there is neither
   */
  static RabbitInstallation find() {
    return installed().orElseGet(() -> under(RabbitPackages.provide()));
  }

  /** One whose packages were unpacked into a folder. */
  static RabbitInstallation under(Path root) {
    var home = child(root.resolve("usr/lib/rabbitmq/lib"), "rabbitmq_server-");
    var erlang = root.resolve("usr/lib/erlang");
    if (home.isEmpty() || !Files.isDirectory(erlang)) {
      throw new Failure(root + " is incomplete. Delete it and start again.");
    }
    return new RabbitInstallation(home.get(), erlang);
  }

  private static Optional<RabbitInstallation> installed() {
    var home = Repository.program("rabbitmq-server").flatMap(RabbitInstallation::homeOf);
    var erlang = Repository.program("erl").map(RabbitInstallation::rootOf);
    return home.flatMap(folder -> erlang.map(root -> new RabbitInstallation(folder, root)));
  }

  /** Debian has a wrapper in /usr/sbin; elsewhere the program lies in the home's sbin. */
  private static Optional<Path> homeOf(Path program) {
    try {
      var around = program.toRealPath().resolve("../..").normalize();
      return isHome(around)
          ? Optional.of(around)
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
        Shell.run(
                Path.of("/"),
                List.of(
                    erl.toString(), "-noshell", "-eval", "io:put_chars(code:root_dir()),halt()."))
            .trim());
  }

  /** A program of the Erlang runtime. */
  Path binary(String name) {
    return binaries().resolve(name);
  }

  /** Where they lie. */
  Path binaries() {
    return child(erlang, "erts-")
        .map(erts -> erts.resolve("bin"))
        .orElseThrow(() -> new Failure("There is no Erlang runtime in " + erlang + "."));
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
