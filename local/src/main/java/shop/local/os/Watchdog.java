package shop.local.os;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shell that outlives this process by a moment: when its input ends, because this process died in
 * whatever way, it kills the processes it was told of and deletes a temporary folder. Only tests
 * use it; the launcher finds its orphans by their pid files.
 */
public final class Watchdog {
  private static final String SCRIPT =
      "while read -r pid; do pids=\"$pids $pid\"; done; "
          + "for p in $pids; do kill -9 $p 2>/dev/null; done; rm -rf \"$0\"";

  private static @Nullable OutputStream input;

  private Watchdog() {}

  /** From now on every process started dies with this one, and so does the folder. */
  public static synchronized void guard(Path folder) {
    if (input != null) {
      return;
    }
    try {
      var shell =
          new ProcessBuilder(
                  Repository.program("setsid").isPresent()
                      ? List.of("setsid", "sh", "-c", SCRIPT, folder.toString())
                      : List.of("sh", "-c", SCRIPT, folder.toString()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      input = shell.getOutputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static synchronized void watch(ProcessHandle process) {
    if (input == null) {
      return;
    }
    try {
      input.write((process.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
