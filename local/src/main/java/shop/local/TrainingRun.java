package shop.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import shop.local.broker.KafkaBroker;
import shop.local.os.AotCache;
import shop.local.os.Folders;
import shop.local.os.LaunchException;
import shop.local.os.Ports;
import shop.local.os.Repository;
import shop.local.os.TextFile;

/**
 * Records the AOT caches: runs a platform of its own on free ports, works with it, and stops it,
 * whereupon each JVM writes its cache.
 */
public final class TrainingRun {
  /** Multiples of this differ from each other in every port. */
  private static final int OFFSET_STEP = 370;

  private static final int HIGHEST_OFFSET = 12_950;

  private static final TextFile FAILED =
      new TextFile(Repository.root().resolve("local/target/training.failed"));

  private TrainingRun() {}

  /**
   * Extracts each jar that has changed, and records all caches again unless each of them fits. A
   * training run that failed is repeated only for another build.
   */
  public static void ifNecessary(StartListener progress) {
    AppImages.extractStale();
    if (allFit() || inputs().equals(FAILED.read())) {
      return;
    }
    progress.title("Recording AOT caches, once per build: later starts are faster");
    var began = Instant.now();
    delete();
    var folder = Repository.root().resolve("local/target/training");
    Folders.delete(folder);
    try {
      var options = new PlatformOptions(folder, freeOffset(folder), Map.of());
      var apps = new LocalApps(AotCache.Mode.RECORD);
      run(new Platform(options, StartListener.SILENT, apps, AotCache.Mode.RECORD), progress);
    } catch (LaunchException failure) {
      progress.note(String.valueOf(failure.getMessage()));
    }
    var missing = confirm();
    if (!missing.isEmpty()) {
      FAILED.write(inputs());
      progress.note(
          "Without an AOT cache, and so slower: %s. Logs of the training run: %s. To try again, delete %s."
              .formatted(String.join(", ", missing), folder.resolve("log"), FAILED.file()));
    }
    progress.done("AOT caches", Duration.between(began, Instant.now()));
  }

  /**
   * Records {@code app.aot} for each service of the images.
   *
   * @param apps contains the services' folders as in the images
   * @param folder for data and logs
   * @throws LaunchException if one of them is missing afterwards
   */
  public static void forContainers(Path apps, Path folder, StartListener progress) {
    var containers = new ContainerApps(apps);
    var options = new PlatformOptions(folder, 0, Map.of());
    run(new Platform(options, StartListener.SILENT, containers, AotCache.Mode.USE), progress);
    for (var service : ServiceSpec.ALL) {
      if (!Files.exists(containers.aotCache(service))) {
        throw new LaunchException(
            "%s has not written %s. Its log is in %s."
                .formatted(service.name(), containers.aotCache(service), folder.resolve("log")));
      }
    }
  }

  /** Starts a platform whose processes record, works with it, and stops it. */
  private static void run(Platform platform, StartListener progress) {
    var stop = new Thread(platform::stop, "stop-training");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      step("platform started", progress, platform::startAll);
      step("orders placed", progress, () -> new TrainingWorkload(platform).run());
      step("caches written", progress, platform::stopRecording);
    } finally {
      platform.close();
      Runtime.getRuntime().removeShutdownHook(stop);
    }
  }

  private static void step(String name, StartListener progress, Runnable task) {
    var began = Instant.now();
    progress.begin(name);
    task.run();
    progress.done(name, Duration.between(began, Instant.now()));
  }

  private static int freeOffset(Path folder) {
    return IntStream.iterate(HIGHEST_OFFSET, offset -> offset > 0, offset -> offset - OFFSET_STEP)
        .filter(offset -> portsAreFree(new PlatformOptions(folder, offset, Map.of())))
        .findFirst()
        .orElseThrow(() ->
            new LaunchException(
                "No free ports for the training run were found between 8,000 and 32,000."));
  }

  private static boolean portsAreFree(PlatformOptions options) {
    return new PlatformTopology(options).ports().keySet().stream().allMatch(Ports::free);
  }

  private static boolean allFit() {
    return KafkaBroker.aotCache().fits(KafkaBroker.java(), Repository.classPath("kafka"))
        && ServiceSpec.ALL.stream()
            .allMatch(
                service -> service.aotCache().fits(service.java(), AppImages.jarVersion(service)));
  }

  private static String inputs() {
    var inputs = new StringJoiner("\n");
    for (var service : ServiceSpec.ALL) {
      inputs.add(service.aotCache().inputs(service.java(), AppImages.jarVersion(service)));
    }
    return inputs
        .add(KafkaBroker.aotCache().inputs(KafkaBroker.java(), Repository.classPath("kafka")))
        .toString();
  }

  private static void delete() {
    KafkaBroker.aotCache().delete();
    ServiceSpec.ALL.forEach(service -> service.aotCache().delete());
  }

  /** Notes what each cache was recorded with, and returns the names of those that are missing. */
  private static List<String> confirm() {
    var missing = new ArrayList<String>();
    for (var service : ServiceSpec.ALL) {
      if (!service.aotCache().recorded(service.java(), AppImages.jarVersion(service))) {
        missing.add(service.name());
      }
    }
    if (!KafkaBroker.aotCache().recorded(KafkaBroker.java(), Repository.classPath("kafka"))) {
      missing.add("kafka");
    }
    return missing;
  }
}
