package shop.local.broker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import shop.local.os.Command;
import shop.local.os.LaunchException;
import shop.local.os.Repository;

/**
 * The account under which PostgreSQL runs: that of this process, or, because PostgreSQL refuses to
 * run as root, one without root's rights.
 *
 * @param prefix of each of its commands
 * @param owner of its data folder, as chown has it; empty for that of this process
 */
record PostgresAccount(List<String> prefix, String owner) {
  private static final Path ANYWHERE = Path.of("/");
  private static final PostgresAccount OWN = new PostgresAccount(List.of(), "");

  /**
   * In a user namespace of its own, root has no rights and another id, but its files are its own.
   */
  static final PostgresAccount IN_A_USER_NAMESPACE =
      new PostgresAccount(List.of("unshare", "--user"), "0:0");

  /**
   * The user nobody, where user namespaces are forbidden, as in most containers. It keeps the
   * capability to enter the folders of root that lead to the data.
   */
  static final PostgresAccount NOBODY =
      new PostgresAccount(
          List.of(
              "setpriv",
              "--reuid=65534",
              "--regid=65534",
              "--clear-groups",
              "--inh-caps=+dac_override",
              "--ambient-caps=+dac_override"),
          "65534:65534");

  /**
   * The account for this process.
   *
   * @throws LaunchException if this process is root and cannot run a command under another account
   */
  static PostgresAccount find() {
    if (!Command.run(ANYWHERE, List.of("id", "-u")).trim().equals("0")) {
      return OWN;
    }
    for (var account : List.of(IN_A_USER_NAMESPACE, NOBODY)) {
      if (account.works()) {
        return account;
      }
    }
    throw new LaunchException(
        "PostgreSQL refuses to run as root, and neither unshare --user nor setpriv can run it under another account here. Run this as another user, or name a running PostgreSQL: DATABASE_URL=postgresql://user:password@host:port/database");
  }

  boolean works() {
    if (Repository.executable(prefix.getFirst()).isEmpty()) {
      return false;
    }
    try {
      return !Command.run(ANYWHERE, command(List.of("id", "-u"))).trim().equals("0");
    } catch (LaunchException refused) {
      return false;
    }
  }

  /**
   * The same account, in another place.
   *
   * @param command runs the command that follows it there, for example in another mount namespace
   */
  PostgresAccount through(List<String> command) {
    return new PostgresAccount(Stream.concat(command.stream(), prefix.stream()).toList(), owner);
  }

  List<String> command(List<String> command) {
    var all = new ArrayList<>(prefix);
    all.addAll(command);
    return all;
  }

  /** Makes it the owner of a folder, or of the one that a link names, with its contents. */
  void own(Path folder) {
    if (!owner.isEmpty()) {
      Command.run(ANYWHERE, List.of("chown", "-R", "-H", owner, folder.toString()));
    }
  }
}
