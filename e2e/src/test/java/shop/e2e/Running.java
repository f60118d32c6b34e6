package shop.e2e;

import java.nio.file.Path;
import java.util.Map;
import shop.local.Platform;
import shop.local.PlatformOptions;

/** The platform that all tests of this module share; it ends with the JVM. */
final class Running {

  private static final PlatformOptions OPTIONS =
      new PlatformOptions(Path.of("target/platform"), 20_000, Map.of());
  private static Platform platform = Platform.start(OPTIONS);

  private Running() {}

  static synchronized Platform platform() {
    return platform;
  }

  /** Stops everything, as {@code ./stop} does, and starts it again over the same data. */
  static synchronized Platform again() {
    platform.close();
    platform = Platform.start(OPTIONS);
    return platform;
  }
}
