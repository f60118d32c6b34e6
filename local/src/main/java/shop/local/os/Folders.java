package shop.local.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;

/** Operations on whole folders. */
public final class Folders {
  private Folders() {}

  /** Writes the content of a folder. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Creates a folder with its content unless it exists. It appears whole or not at all: the content
   * is written into a temporary folder beside it. Waits while another process does the same.
   */
  public static synchronized void createOnce(Path folder, Content content) {
    if (Files.isDirectory(folder)) {
      return;
    }
    try {
      var parent = Files.createDirectories(folder.toAbsolutePath().getParent());
      try (var channel =
              FileChannel.open(
                  parent.resolve(folder.getFileName() + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        if (!Files.isDirectory(folder)) {
          createWhole(folder, parent, content);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void createWhole(Path folder, Path parent, Content content) throws IOException {
    var work = Files.createTempDirectory(parent, folder.getFileName() + "-");
    try {
      var whole = Files.createDirectory(work.resolve("whole"));
      content.writeTo(whole);
      Files.move(whole, folder);
    } finally {
      delete(work);
    }
  }

  /** Deletes a folder with its contents, or a file; does nothing if it does not exist. */
  public static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (var all = Files.walk(folder)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
