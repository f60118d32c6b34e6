package shop.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import shop.local.os.Command;
import shop.local.os.Folders;
import shop.local.os.JavaCommand;
import shop.local.os.LaunchException;
import shop.local.os.Repository;

/**
 * The services' jars, extracted to {@code target/app}, each with an AOT cache (JEP 483) from a
 * training run.
 */
public final class AppImages {
  private static final String LAYOUT_VERSION = "1";
  // A training run needs about one core, and half a gigabyte of memory for a short time.
  private static final int PARALLEL = 2;

  private AppImages() {}

  /** Extracts each jar that has changed, and trains the service again. */
  public static void prepare(StartListener progress) {
    var stale = ServiceSpec.ALL.stream().filter(service -> !isUpToDate(service)).toList();
    if (stale.isEmpty()) {
      return;
    }
    progress.title("Preparing fast starts");
    stale.forEach(service -> progress.begin(service.name()));
    try (var workers = Executors.newFixedThreadPool(PARALLEL)) {
      var all = stale.stream().map(service -> workers.submit(() -> prepare(service, progress)));
      for (var preparation : all.toList()) {
        preparation.get();
      }
    } catch (ExecutionException e) {
      throw new LaunchException(
          "A service could not be prepared for a fast start: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchException("Preparing the services was interrupted.", e);
    }
  }

  private static void prepare(ServiceSpec service, StartListener progress) {
    var began = Instant.now();
    if (!isExtracted(service)) {
      extract(service);
    }
    train(service, progress);
    write(trainedMarker(service), trainingInputs(service));
    progress.done(service.name(), Duration.between(began, Instant.now()));
  }

  /** Extracts each jar that has changed, without a training run; enough for tests. */
  static void extractStale() {
    for (var service : ServiceSpec.ALL) {
      if (!Files.exists(service.jar())) {
        throw new LaunchException(
            service.jar() + " is missing. Build it with: mvn -DskipTests package");
      }
      if (!isExtracted(service)) {
        extract(service);
      }
    }
  }

  private static void extract(ServiceSpec service) {
    Folders.delete(service.appFolder());
    var command =
        JavaCommand.withDefaults()
            .quickCompiler()
            .options("-Djarmode=tools")
            .jar(
                service.jar().toString(),
                "extract",
                "--destination",
                service.appFolder().toString());
    Command.run(Repository.root(), command);
    write(extractedMarker(service), jarVersion(service));
  }

  /** Starts the service once, up to the refresh of its Spring context, to record the AOT cache. */
  private static void train(ServiceSpec service, StartListener progress) {
    // The marker is deleted first: after an interruption, the next start trains again.
    Folders.delete(trainedMarker(service));
    Folders.delete(service.aotCache());
    var command =
        service
            .java()
            .options(
                "-XX:AOTCacheOutput=" + service.aotCache(),
                "-Dspring.context.exit=onRefresh",
                "-Dspring.kafka.admin.auto-create=false")
            .jar(service.name() + ".jar");
    try {
      Command.run(service.appFolder(), command);
    } catch (LaunchException failure) {
      write(trainingLog(service), String.valueOf(failure.getMessage()));
    }
    if (!Files.exists(service.aotCache())) {
      progress.note(
          "The training run of %s failed, so it starts more slowly, without an AOT cache. See %s"
              .formatted(service.name(), Repository.root().relativize(trainingLog(service))));
    }
  }

  private static Path trainingLog(ServiceSpec service) {
    return service.target().resolve("training.log");
  }

  private static boolean isUpToDate(ServiceSpec service) {
    return isExtracted(service) && trainingInputs(service).equals(read(trainedMarker(service)));
  }

  private static boolean isExtracted(ServiceSpec service) {
    return jarVersion(service).equals(read(extractedMarker(service)));
  }

  private static Path extractedMarker(ServiceSpec service) {
    return service.appFolder().resolve("extracted");
  }

  private static Path trainedMarker(ServiceSpec service) {
    return service.appFolder().resolve("trained");
  }

  /** Changes whenever the jar has to be extracted again. */
  private static String jarVersion(ServiceSpec service) {
    return LAYOUT_VERSION + " " + sha256(service.jar(), service.target().resolve("jar.sha256"));
  }

  /** Changes whenever the AOT cache becomes invalid: with the jar, the JDK, or the JVM options. */
  private static String trainingInputs(ServiceSpec service) {
    return String.join(
        " ",
        jarVersion(service),
        Runtime.version().toString(),
        String.join(" ", service.java().options()));
  }

  /**
   * The SHA-256 of a jar. It identifies the content, because Maven also rewrites a jar that has not
   * changed.
   *
   * @param cacheFile keeps the hash for as long as the jar's size and ctime stay the same
   */
  static String sha256(Path jar, Path cacheFile) {
    try {
      // Not the modification time: Maven sets one constant time on every jar.
      var fingerprint = Files.size(jar) + " " + Files.getAttribute(jar, "unix:ctime") + " ";
      var cached = read(cacheFile);
      if (cached.startsWith(fingerprint)) {
        return cached.substring(fingerprint.length());
      }
      var digest = MessageDigest.getInstance("SHA-256");
      try (var in = new DigestInputStream(Files.newInputStream(jar), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      var hash = HexFormat.of().formatHex(digest.digest());
      write(cacheFile, fingerprint + hash);
      return hash;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
