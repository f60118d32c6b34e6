package shop.local;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import shop.local.os.SecretFile;

/**
 * {@code demo.env}: what a shell needs to call the platform, read with {@code . .local/demo.env}.
 */
final class DemoEnv {
  private DemoEnv() {}

  static void write(Platform platform) {
    var values = new LinkedHashMap<String, String>();
    values.put("GATEWAY_URL", platform.gatewayUrl().toString());
    values.put("DEMO_CUSTOMER", Environment.CUSTOMER);
    values.put("DEMO_ADMIN", Environment.ADMIN);
    values.put("DEMO_PASSWORD", platform.demoPassword());
    values.put("SANDBOX_URL", platform.sandboxUrl().toString());
    values.put("MAIL_URL", platform.mail().page().toString());
    SecretFile.write(platform.layout().demoEnv(), render(values));
  }

  static String render(Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> "export " + entry.getKey() + "=" + quote(entry.getValue()) + "\n")
        .collect(Collectors.joining());
  }

  /** In single quotes, in which a shell changes nothing. */
  private static String quote(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }

  /** How a person at the repository's root names the file. */
  static String shown(Path root, Path file) {
    return file.startsWith(root) ? root.relativize(file).toString() : file.toString();
  }
}
