package shop.bench.age;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import shop.local.os.Command;
import shop.local.os.Folders;

/**
 * A data folder of a platform with a history. It is not started itself, but copied, so that each
 * measurement begins with the same data.
 *
 * @param name {@code young} or {@code old}
 * @param path the folder
 */
record PreparedFolder(String name, Path path) {

  private static final String MARKER = "prepared";
  private static final String HOT = "hot";
  private static final String COLD = "cold";

  /** Whether it is complete, has so many orders, and was prepared not too long ago. */
  boolean isUsable(int orders, Duration life) throws IOException {
    var marker = path.resolve(MARKER);
    if (!Files.exists(marker)) {
      return false;
    }
    var lines = Files.readAllLines(marker);
    return lines.size() == 2
        && lines.get(0).equals(Integer.toString(orders))
        && Instant.parse(lines.get(1)).plus(life).isAfter(Instant.now());
  }

  /** Marks it as complete. */
  void complete(int orders, Instant now) throws IOException {
    Files.write(path.resolve(MARKER), List.of(Integer.toString(orders), now.toString()));
  }

  /** Keeps the ids of some orders for the measurement. */
  void writeOrders(List<String> hot, List<String> cold) throws IOException {
    Files.createDirectories(path);
    Files.write(path.resolve(HOT), hot);
    Files.write(path.resolve(COLD), cold);
  }

  /** Ids of orders of the last day. */
  List<String> hot() throws IOException {
    return Files.readAllLines(path.resolve(HOT));
  }

  /** Ids of orders that are older than Redis keeps them. */
  List<String> cold() throws IOException {
    return Files.readAllLines(path.resolve(COLD));
  }

  /** A copy to be started, in place of an earlier one. */
  Path copyTo(Path target) {
    Folders.delete(target);
    Command.run(path, List.of("cp", "-a", "--reflink=auto", path.toString(), target.toString()));
    return target;
  }
}
