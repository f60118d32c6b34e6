package shop.e2e;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import shop.local.Platform;
import shop.local.PlatformOptions;

/** The platform that the journeys share; it stops with the JVM at the latest. */
public final class SharedPlatform {

  private static final PlatformOptions OPTIONS =
      new PlatformOptions(Path.of("target/platform"), 10_500, Map.of());
  private static @Nullable Platform platform;

  private SharedPlatform() {}

  static synchronized Platform platform() {
    if (platform == null) {
      platform = Platform.start(OPTIONS);
    }
    return platform;
  }

  /** Stops all processes, like {@code ./stop}, and restarts them with the same data. */
  static synchronized Platform again() {
    stop();
    return platform();
  }

  /** Stops the platform, to free the machine for other tests. */
  public static synchronized void stop() {
    if (platform != null) {
      platform.close();
      platform = null;
    }
  }
}
