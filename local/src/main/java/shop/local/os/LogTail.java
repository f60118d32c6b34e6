package shop.local.os;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The end of a log file. */
final class LogTail {
  private static final int WINDOW = 32 * 1024;

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
      var all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return all.subList(Math.max(0, all.size() - lines), all.size()).stream()
          .map(line -> "  " + line)
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      return "  (its log cannot be read: " + e.getMessage() + ")";
    }
  }
}
