package shop.e2e;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import shop.local.Platform;
import shop.local.PlatformOptions;

/** The platform that the journeys share; it ends with the JVM, if not before. */
public final class SharedPlatform {

  private static final PlatformOptions OPTIONS =
      new PlatformOptions(Path.of("target/platform"), 11_000, Map.of());
  private static @Nullable Platform platform;

  private SharedPlatform() {}

  static synchronized Platform platform() {
    if (platform == null) {
      platform = Platform.start(OPTIONS);
    }
    return platform;
  }

  /** Stops everything, as {@code ./stop} does, and starts it again over the same data. */
  static synchronized Platform again() {
    stop();
    return platform();
  }

  /** Leaves the machine to others. */
  public static synchronized void stop() {
    if (platform != null) {
      platform.close();
      platform = null;
    }
  }
}
