package shop.bench.age;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import shop.bench.platform.Figures;
import shop.local.os.Folders;

/**
 * Compares a platform with a short history and one with a long history, started by turns: nothing
 * may grow with the platform's age. Both have as many orders that are open or recent.
 */
public final class Age {

  private final Options options;
  private final Path wrk;
  private final PreparedFolder young;
  private final PreparedFolder old;

  private Age(Options options, Path wrk) {
    this.options = options;
    this.wrk = wrk;
    young = new PreparedFolder("young", options.folder().resolve("young"));
    old = new PreparedFolder("old", options.folder().resolve("old"));
  }

  /** Arguments: {@link Options}. Environment: the variables that {@code ./measure} sets. */
  public static void main(String[] arguments) throws Exception {
    var environment = System.getenv();
    var local = Path.of(environment.getOrDefault("SHOP_LOCAL", ".local"));
    Options options;
    try {
      options = Options.of(arguments, local.resolve("bench/age"));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    new Age(options, Path.of(environment.getOrDefault("WRK", "wrk"))).measure();
  }

  private void measure() throws IOException, InterruptedException, ExecutionException {
    Files.createDirectories(options.folder());
    prepare(young, options.young());
    prepare(old, options.old());
    List<Map<Figure, Double>> ofYoung = new ArrayList<>();
    List<Map<Figure, Double>> ofOld = new ArrayList<>();
    for (int turn = 1; turn <= options.turns(); turn++) {
      ofYoung.add(measure(turn, young));
      ofOld.add(measure(turn, old));
    }
    System.out.println();
    new Ratios(ofYoung, ofOld).print(System.out);
    Folders.delete(options.folder().resolve("running"));
  }

  private void prepare(PreparedFolder folder, int orders)
      throws IOException, InterruptedException, ExecutionException {
    if (folder.isUsable(orders, Duration.ofHours(options.preparedLife()))) {
      System.out.println("Using " + folder.path());
    } else {
      new Preparation(folder, orders, options).run();
    }
  }

  private Map<Figure, Double> measure(int turn, PreparedFolder folder)
      throws IOException, InterruptedException {
    System.out.println(Figures.text("%nTurn %d, %s", turn, folder.name()));
    var values = Turn.measure(folder, options, wrk);
    values.forEach((figure, value) ->
        System.out.println(
            Figures.text("%-42s %10.2f", figure.name() + ", " + figure.unit(), value)));
    return values;
  }
}
