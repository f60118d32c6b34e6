package shop.bench.age;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import shop.local.os.Repository;

/** A platform that {@code ./start} runs in the background, on a data folder of its own. */
final class StartedPlatform implements AutoCloseable {

  private static final Pattern VARIABLE = Pattern.compile("export (\\w+)='(.*)'");

  private final Path folder;
  private final int portOffset;
  private final Thread stop = new Thread(this::stopQuietly, "stop");
  private final Duration startTime;

  /**
   * Starts it.
   *
   * @throws IOException if it cannot be started; the message has the output
   */
  StartedPlatform(Path folder, int portOffset) throws IOException, InterruptedException {
    this.folder = folder;
    this.portOffset = portOffset;
    Runtime.getRuntime().addShutdownHook(stop);
    long began = System.nanoTime();
    launcher("start", "--detach", "--port-offset", Integer.toString(portOffset));
    startTime = Duration.ofNanos(System.nanoTime() - began);
  }

  /** From the call of {@code ./start} to its return: built, ready, a first order confirmed. */
  Duration startTime() {
    return startTime;
  }

  Path folder() {
    return folder;
  }

  /** A port of the first platform, as it is with the offset. */
  int port(int port) {
    return port + portOffset;
  }

  /** The variables of its {@code demo.env}. */
  Map<String, String> environment() throws IOException {
    var variables = new LinkedHashMap<String, String>();
    for (var line : Files.readAllLines(folder.resolve("demo.env"))) {
      var matcher = VARIABLE.matcher(line);
      if (matcher.matches()) {
        variables.put(matcher.group(1), matcher.group(2));
      }
    }
    return variables;
  }

  private void launcher(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Repository.root().resolve("bin/launcher").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("--data", folder.toString()));
    // Beside the folder, because a stop may delete what is in it.
    var output = folder.resolveSibling(folder.getFileName() + "-" + arguments[0] + ".log").toFile();
    int code =
        new ProcessBuilder(command)
            .directory(Repository.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(
          "./%s --data %s failed:%n%s"
              .formatted(arguments[0], folder, Files.readString(output.toPath())));
    }
  }

  private void stopQuietly() {
    try {
      launcher("stop");
    } catch (IOException e) {
      System.err.println(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops it; the data stay. */
  @Override
  public void close() {
    try {
      launcher("stop");
      Runtime.getRuntime().removeShutdownHook(stop);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // This program is being ended, and the hook stops the platform.
    }
  }
}
