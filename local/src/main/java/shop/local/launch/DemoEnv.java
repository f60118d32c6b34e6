package shop.local.launch;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import shop.local.Platform;
import shop.local.os.SecretFile;

/**
 * {@code demo.env}: the URLs and demo accounts as variables of a shell, which reads them with
 * {@code . .local/demo.env}.
 */
final class DemoEnv {
  private DemoEnv() {}

  static void write(Platform platform) {
    var values = new LinkedHashMap<String, String>();
    values.put("GATEWAY_URL", platform.gatewayUrl().toString());
    values.put(
        "GATEWAY_URLS",
        platform.gatewayUrls().stream().map(URI::toString).collect(Collectors.joining(",")));
    platform.certificate().ifPresent(tls -> values.put("GATEWAY_CA", tls.certificate().toString()));
    values.put("DEMO_CUSTOMER", Platform.DEMO_CUSTOMER);
    values.put("DEMO_ADMIN", Platform.DEMO_ADMIN);
    values.put("DEMO_PASSWORD", platform.demoPassword());
    values.put("SANDBOX_URL", platform.sandboxUrl().toString());
    values.put("MAIL_URL", platform.mail().page().toString());
    values.put("KAFKA_BOOTSTRAP_SERVERS", platform.kafkaBootstrapServers());
    SecretFile.write(platform.folders().demoEnv(), render(values));
  }

  static String render(Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> "export " + entry.getKey() + "=" + quote(entry.getValue()) + "\n")
        .collect(Collectors.joining());
  }

  /** In single quotes, within which a shell interprets nothing. */
  private static String quote(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }

  /** The path of a file as a user in the repository's root writes it. */
  static String displayPath(Path root, Path file) {
    return file.startsWith(root) ? root.relativize(file).toString() : file.toString();
  }
}
