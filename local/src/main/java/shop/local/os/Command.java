package shop.local.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs a command and waits until it exits. */
public final class Command {
  private Command() {}

  /**
   * Runs a command.
   *
   * @return its output
   * @throws LaunchException if the exit code is not 0; the message ends with the output
   */
  public static String run(Path directory, List<String> command) {
    try {
      var builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectErrorStream(true);
      builder.environment().put("LC_ALL", "C");
      var process = builder.start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var code = process.waitFor();
      if (code != 0) {
        throw new LaunchException(
            "%s failed with exit code %d:\n%s"
                .formatted(String.join(" ", command), code, output.stripTrailing()));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchException("Interrupted while waiting for " + command.getFirst() + ".", e);
    }
  }
}
