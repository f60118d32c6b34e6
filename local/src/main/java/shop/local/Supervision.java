package shop.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What a supervisor knows about its components, in a file for {@code ./start --status}. */
public final class Supervision {
  private static final JsonMapper JSON = new JsonMapper();

  private Supervision() {}

  /** Whether a component runs, or what is done about it. */
  public enum State {
    RUNNING,
    /** It has exited and is restarted after a pause. */
    EXITED,
    STARTING,
    /** It has exited too often; only {@code ./stop} and {@code ./start} bring it back. */
    GIVEN_UP
  }

  /**
   * A component.
   *
   * @param restarts since the platform was started
   */
  public record Entry(String name, List<Integer> ports, State state, int restarts) {}

  static void write(Path file, List<Entry> entries) {
    try {
      var temporary = file.resolveSibling(file.getFileName() + ".new");
      Files.write(temporary, JSON.writeValueAsBytes(entries));
      Files.move(
          temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty without a file. */
  public static List<Entry> read(Path file) {
    try {
      return Files.exists(file)
          ? JSON.readValue(Files.readAllBytes(file), new TypeReference<List<Entry>>() {})
          : List.of();
    } catch (IOException | JacksonException e) {
      throw new IllegalStateException(file + " cannot be read; delete it", e);
    }
  }
}
