package shop.local.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A command that is run to its end. */
public final class Shell {
  private Shell() {}

  /**
   * What the command printed.
   *
   * @throws Failure if it ends with another code than 0; the message ends with what it printed
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
        throw new Failure(
            "%s ended with code %d:\n%s"
                .formatted(String.join(" ", command), code, output.stripTrailing()));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("Interrupted while waiting for " + command.getFirst() + ".", e);
    }
  }
}
