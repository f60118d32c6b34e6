package shop.local.os;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shell that outlives this process by a moment. It reads process ids and folders from its
 * standard input; when that is closed, because this process ended in any way, it kills the
 * processes and deletes the folders. Only tests and measurements use it; the launcher finds its
 * orphans by their pid files.
 */
public final class Watchdog {
  private static final String SCRIPT =
      """
      while read -r line; do
        case $line in
          /*) folders="$folders
      $line" ;;
          *) pids="$pids $line" ;;
        esac
      done
      for pid in $pids; do kill -9 $pid 2>/dev/null; done
      IFS='
      '
      for folder in $folders; do rm -rf "$folder"; done
      """;

  private static @Nullable OutputStream input;

  private Watchdog() {}

  /**
   * From now on, every started process is killed when this one ends, and then the folder is
   * deleted.
   */
  public static synchronized void guard(Path folder) {
    if (input == null) {
      input = shell();
    }
    send(folder.toAbsolutePath().toString());
  }

  static synchronized void watch(ProcessHandle process) {
    if (input != null) {
      send(String.valueOf(process.pid()));
    }
  }

  private static OutputStream shell() {
    var command = new ArrayList<String>();
    Repository.executable("setsid").ifPresent(setsid -> command.add(setsid.toString()));
    command.addAll(List.of("sh", "-c", SCRIPT));
    try {
      return new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .getOutputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(String line) {
    try {
      if (input != null) {
        input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
