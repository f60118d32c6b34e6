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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import shop.local.os.Failure;
import shop.local.os.Folders;
import shop.local.os.Repository;
import shop.local.os.Shell;

/** The services' jars taken apart into {@code target/app}, each with an AOT cache beside it. */
final class AppImages {
  private static final String LAYOUT_VERSION = "1";
  // Each needs about a core, and half a gigabyte for a moment.
  private static final int AT_ONCE = 2;

  private AppImages() {}

  /** Takes apart what is new and trains it. */
  static void prepare(ConsoleProgress progress) {
    var stale = ServiceSpec.ALL.stream().filter(service -> !current(service)).toList();
    if (stale.isEmpty()) {
      return;
    }
    progress.title("Preparing fast starts");
    stale.forEach(service -> progress.begin(service.name()));
    try (var workers = Executors.newFixedThreadPool(AT_ONCE)) {
      var all = stale.stream().map(service -> workers.submit(() -> prepare(service, progress)));
      for (var one : all.toList()) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new Failure("A service could not be prepared: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("Preparing was interrupted.", e);
    }
  }

  private static void prepare(ServiceSpec service, ConsoleProgress progress) {
    var began = Instant.now();
    if (!extracted(service)) {
      extract(service);
    }
    train(service, progress);
    write(trainedMark(service), trained(service));
    progress.done(service.name(), Duration.between(began, Instant.now()));
  }

  /** Takes apart what is new, without training: what a test needs. */
  static void extractStale() {
    for (var service : ServiceSpec.ALL) {
      if (!Files.exists(service.jar())) {
        throw new Failure(service.jar() + " is missing. Build it with: mvn -DskipTests package");
      }
      if (!extracted(service)) {
        extract(service);
      }
    }
  }

  private static void extract(ServiceSpec service) {
    Folders.delete(service.app());
    Shell.run(
        Repository.root(),
        List.of(
            Repository.java(),
            "-XX:TieredStopAtLevel=1",
            "-Djarmode=tools",
            "-jar",
            service.jar().toString(),
            "extract",
            "--destination",
            service.app().toString()));
    write(extractedMark(service), content(service));
  }

  /** Starts it once up to the point where its context is ready. */
  private static void train(ServiceSpec service, ConsoleProgress progress) {
    // The mark first: whoever is interrupted here trains again.
    Folders.delete(trainedMark(service));
    Folders.delete(service.cache());
    var command = new ArrayList<String>();
    command.add(Repository.java());
    command.addAll(service.jvmOptions());
    command.addAll(
        List.of(
            "-XX:AOTCacheOutput=" + service.cache(),
            "-Dspring.context.exit=onRefresh",
            "-Dspring.kafka.admin.auto-create=false",
            "-jar",
            service.name() + ".jar"));
    try {
      Shell.run(service.app(), command);
    } catch (Failure failure) {
      write(service.target().resolve("training.log"), String.valueOf(failure.getMessage()));
    }
    if (!Files.exists(service.cache())) {
      progress.note(
          "%s starts without a cache, because its training run failed: see %s"
              .formatted(
                  service.name(),
                  Repository.root().relativize(service.target().resolve("training.log"))));
    }
  }

  private static boolean current(ServiceSpec service) {
    return extracted(service) && trained(service).equals(read(trainedMark(service)));
  }

  private static boolean extracted(ServiceSpec service) {
    return content(service).equals(read(extractedMark(service)));
  }

  private static Path extractedMark(ServiceSpec service) {
    return service.app().resolve("extracted");
  }

  private static Path trainedMark(ServiceSpec service) {
    return service.app().resolve("trained");
  }

  /** Changes whenever the jar has to be taken apart anew. */
  private static String content(ServiceSpec service) {
    return LAYOUT_VERSION + " " + contentOf(service.jar(), service.target().resolve("jar.sha256"));
  }

  /** Changes whenever the cache has to: with the jar's content, the JDK, or the JVM's options. */
  private static String trained(ServiceSpec service) {
    return String.join(
        " ",
        content(service),
        Runtime.version().toString(),
        String.join(" ", service.jvmOptions()));
  }

  /** The jar's SHA-256, remembered, because Maven writes equal jars anew. */
  static String contentOf(Path jar, Path memory) {
    try {
      // Not when it was modified: Maven gives every jar one constant time.
      var seen = Files.size(jar) + " " + Files.getAttribute(jar, "unix:ctime") + " ";
      var remembered = read(memory);
      if (remembered.startsWith(seen)) {
        return remembered.substring(seen.length());
      }
      var digest = MessageDigest.getInstance("SHA-256");
      try (var in = new DigestInputStream(Files.newInputStream(jar), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      var hash = HexFormat.of().formatHex(digest.digest());
      write(memory, seen + hash);
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
