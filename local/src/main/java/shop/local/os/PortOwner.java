package shop.local.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Describes the process that listens on a port or, where /proc exists, has a connection on it; for
 * error messages.
 */
public final class PortOwner {
  private static final Path PROC = Path.of("/proc");
  private static final int COMMAND_WIDTH = 80;

  private PortOwner() {}

  /** For example {@code process 4711 (redis-server *:16379)}. */
  public static String describe(int port) {
    return pid(port)
        .map(PortOwner::describeProcess)
        .orElse("an unknown process, probably of another user");
  }

  private static Optional<Long> pid(int port) {
    return Files.isDirectory(PROC.resolve("net")) ? fromProc(port) : fromLsof(port);
  }

  private static String describeProcess(long pid) {
    var command =
        ProcessHandle.of(pid).flatMap(process -> process.info().commandLine()).orElse("unknown");
    var cut =
        command.length() > COMMAND_WIDTH
            ? command.substring(0, COMMAND_WIDTH / 2)
                + " … "
                + command.substring(command.length() - COMMAND_WIDTH / 2)
            : command;
    return "process " + pid + " (" + cut + ")";
  }

  private static Optional<Long> fromProc(int port) {
    var sockets =
        Stream.of("tcp", "tcp6").flatMap(table -> inodes(PROC.resolve("net").resolve(table), port));
    return sockets.flatMap(inode -> owner(inode).stream()).findFirst();
  }

  /** The columns are: slot, local address, remote address, state, …; the tenth is the inode. */
  private static Stream<String> inodes(Path table, int port) {
    try {
      var suffix = String.format(Locale.ROOT, ":%04X", port);
      return Files.readAllLines(table).stream()
          .map(line -> line.trim().split("\\s+", -1))
          .filter(column -> column.length > 9 && column[1].endsWith(suffix))
          .map(column -> column[9]);
    } catch (IOException absent) {
      return Stream.of();
    }
  }

  private static Optional<Long> owner(String inode) {
    var link = "socket:[" + inode + "]";
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> holds(PROC.resolve(String.valueOf(pid)).resolve("fd"), link))
        .findFirst();
  }

  private static boolean holds(Path descriptors, String link) {
    try (var files = Files.list(descriptors)) {
      return files.anyMatch(file -> pointsTo(file, link));
    } catch (IOException notOurs) {
      return false;
    }
  }

  private static boolean pointsTo(Path file, String link) {
    try {
      return Files.readSymbolicLink(file).toString().equals(link);
    } catch (IOException closed) {
      return false;
    }
  }

  private static Optional<Long> fromLsof(int port) {
    if (Repository.executable("lsof").isEmpty()) {
      return Optional.empty();
    }
    try {
      var command = List.of("lsof", "-t", "-sTCP:LISTEN", "-iTCP:" + port);
      return Command.run(Path.of("/"), command).lines().findFirst().map(Long::valueOf);
    } catch (LaunchException noneVisible) {
      return Optional.empty();
    }
  }
}
