package shop.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import shop.local.os.Command;
import shop.local.os.Folders;
import shop.local.os.JavaCommand;
import shop.local.os.LaunchException;
import shop.local.os.Repository;
import shop.local.os.TextFile;

/** The services' jars, extracted to {@code target/app}, where they start faster. */
public final class AppImages {
  private static final String LAYOUT_VERSION = "1";

  private AppImages() {}

  /** Extracts each jar that has changed. */
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
    extractedMarker(service).write(jarVersion(service));
  }

  private static boolean isExtracted(ServiceSpec service) {
    return jarVersion(service).equals(extractedMarker(service).read());
  }

  private static TextFile extractedMarker(ServiceSpec service) {
    return new TextFile(service.appFolder().resolve("extracted"));
  }

  /** Changes whenever the jar has to be extracted again. */
  static String jarVersion(ServiceSpec service) {
    return LAYOUT_VERSION
        + " "
        + sha256(service.jar(), new TextFile(service.target().resolve("jar.sha256")));
  }

  /**
   * The SHA-256 of a jar. It identifies the content, because Maven also rewrites a jar that has not
   * changed.
   *
   * @param cache keeps the hash for as long as the jar's size and ctime stay the same
   */
  static String sha256(Path jar, TextFile cache) {
    try {
      // Not the modification time: Maven sets one constant time on every jar.
      var fingerprint = Files.size(jar) + " " + Files.getAttribute(jar, "unix:ctime") + " ";
      var cached = cache.read();
      if (cached.startsWith(fingerprint)) {
        return cached.substring(fingerprint.length());
      }
      var digest = MessageDigest.getInstance("SHA-256");
      try (var in = new DigestInputStream(Files.newInputStream(jar), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      var hash = HexFormat.of().formatHex(digest.digest());
      cache.write(fingerprint + hash);
      return hash;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
