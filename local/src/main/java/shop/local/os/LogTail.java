package shop.local.os;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last lines of a log file in readable form: JSON lines are reduced to time, level, message and
 * causes.
 */
final class LogTail {
  private static final int WINDOW = 64 * 1024;
  private static final int WIDTH = 300;
  private static final String DISK_FULL = "No space left on device";
  private static final JsonMapper JSON = new JsonMapper();

  private LogTail() {}

  static String of(Path log, int lines) {
    if (!Files.exists(log)) {
      return "  (no log)";
    }
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      var from = Math.max(0, file.length() - WINDOW);
      file.seek(from);
      var bytes = new byte[(int) (file.length() - from)];
      file.readFully(bytes);
      var complete =
          new String(bytes, StandardCharsets.UTF_8)
              .lines()
              // The window may begin in the middle of a line.
              .skip(from > 0 ? 1 : 0)
              .toList();
      var tail = last(lines, complete.stream().flatMap(LogTail::readable).toList());
      return Stream.concat(tail.stream(), remedy(log, tail))
          .map(line -> "  " + (line.length() > WIDTH ? line.substring(0, WIDTH) + "…" : line))
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      return "  (the log cannot be read: " + e.getMessage() + ")";
    }
  }

  /** What every program reports in the same words, and what to do about it. */
  private static Stream<String> remedy(Path log, List<String> tail) {
    return tail.stream().anyMatch(line -> line.contains(DISK_FULL))
        ? Stream.of("The disk is full. Free space on that of " + log.getParent() + ".")
        : Stream.of();
  }

  private static List<String> last(int count, List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }

  private static Stream<String> readable(String line) {
    if (!line.startsWith("{")) {
      return Stream.of(line);
    }
    try {
      return readable(JSON.readTree(line));
    } catch (JacksonException notJson) {
      return Stream.of(line);
    }
  }

  private static Stream<String> readable(JsonNode entry) {
    var time = entry.path("@timestamp").asString("").replaceFirst("\\.\\d+Z$", "Z");
    var message = entry.path("message").asString("");
    var first = time + " " + entry.path("level").asString("") + " " + message.strip();
    var causes =
        entry
            .path("stack_trace")
            .asString("")
            .lines()
            .filter(line -> !line.startsWith("\t"))
            .map(line -> "  " + line);
    return Stream.concat(Stream.of(first.replace('\n', ' ')), causes);
  }
}
