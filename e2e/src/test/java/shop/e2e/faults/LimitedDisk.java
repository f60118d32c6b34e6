package shop.e2e.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A file system of limited size in memory (Linux's tmpfs) that only processes in its mount
 * namespace see in the place of a folder; so the machine's own disk is never filled. This process
 * reaches its files by symbolic links to {@code /proc/PID/root}, which have the same paths.
 */
final class LimitedDisk implements AutoCloseable {

  /** Enough for the data of a long run; the memory that it takes is that of its files. */
  private static final String SIZE = "768m";

  private static final int BLOCK = 1 << 20;

  /** What the operating system, and so PostgreSQL, says when it is full. */
  static final String FULL = "No space left on device";

  /** The namespaces live as long as this shell: until its standard input is closed. */
  private static final String SCRIPT =
      "mount -t tmpfs -o size=%s,mode=0755 tmpfs \"$0\" && mkdir \"$0/$1\" && echo mounted && exec cat"
          .formatted(SIZE);

  /** As root, and as another user, who is root in a user namespace only. */
  private static final List<List<String>> NAMESPACES =
      List.of(List.of("--mount"), List.of("--user", "--map-root-user", "--mount"));

  private final Process holder;
  private final Path filler;
  private final List<String> launcher;

  private LimitedDisk(Process holder, Path folder, List<String> launcher) {
    this.holder = holder;
    this.filler = inside(holder, folder).resolve("filler");
    this.launcher = List.copyOf(launcher);
  }

  /**
   * Mounts one on a folder, and links a folder in it.
   *
   * @param folder does not have the name yet
   * @return empty where mount namespaces are not permitted
   */
  static Optional<LimitedDisk> mount(Path folder, String name) {
    try {
      var mountPoint = Files.createDirectories(folder.toAbsolutePath()).toRealPath();
      for (var namespaces : NAMESPACES) {
        var holder = hold(namespaces, mountPoint, name);
        if (holder.isPresent()) {
          Files.createSymbolicLink(
              mountPoint.resolve(name), inside(holder.get(), mountPoint).resolve(name));
          return Optional.of(
              new LimitedDisk(holder.get(), mountPoint, launcher(holder.get(), namespaces)));
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Process> hold(List<String> namespaces, Path mountPoint, String name) {
    var command = new ArrayList<>(List.of("unshare"));
    command.addAll(namespaces);
    command.addAll(List.of("sh", "-c", SCRIPT, mountPoint.toString(), name));
    try {
      var holder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      var output =
          new BufferedReader(
              new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
      return "mounted".equals(output.readLine()) ? Optional.of(holder) : Optional.empty();
    } catch (IOException missing) {
      return Optional.empty();
    }
  }

  private static List<String> launcher(Process holder, List<String> namespaces) {
    var command = new ArrayList<>(List.of("nsenter", "--target", String.valueOf(holder.pid())));
    command.add("--mount");
    if (namespaces.contains("--user")) {
      // There it would have the rights of root, with which PostgreSQL does not run.
      command.addAll(List.of("--user", "--preserve-credentials", "unshare", "--user"));
    }
    return command;
  }

  /** Where this process finds a folder of the namespace. */
  private static Path inside(Process holder, Path folder) {
    return Path.of("/proc/" + holder.pid() + "/root" + folder);
  }

  /** Runs the command that follows it where the file system is mounted. */
  List<String> launcher() {
    return launcher;
  }

  /** Takes all space that is free. */
  void fill() {
    var zeros = ByteBuffer.allocate(BLOCK);
    try (var file =
        FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        file.write(zeros.clear());
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains(FULL)) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Gives it back. */
  void free() {
    try {
      Files.deleteIfExists(filler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files are gone when the last process in the namespace has ended. */
  @Override
  public void close() {
    try {
      holder.getOutputStream().close();
      holder.waitFor(10, TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    holder.destroyForcibly();
  }
}
